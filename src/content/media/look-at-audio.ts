import { TrainlockError } from '#base';

/** What the heads of a recording say. */
export type AudioFacts = { readonly format: string; readonly durationMs?: number; readonly sampleRateHz?: number };

/** Longest time for one recording. Unit: ms. */
const TIMEOUT_MS = 10_000;

/** Format, duration and sample rate of a recording, as its heads tell them. The bytes are hostile. Throws TL0002 if they are no recording. */
export const lookAtAudio = async (path: string): Promise<AudioFacts> => {
  const { parseFile } = await import('music-metadata');
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('too slow')), TIMEOUT_MS);
  });
  try {
    const { format } = await Promise.race([parseFile(path, { duration: false, skipCovers: true, skipPostHeaders: true }), late]);
    if (format.sampleRate === undefined) throw new Error('no sample rate');
    return {
      format: (format.container ?? 'unknown').toLowerCase().slice(0, 64),
      ...(isCount(format.duration) ? { durationMs: Math.round(format.duration! * 1000) } : {}),
      ...(isCount(format.sampleRate) ? { sampleRateHz: Math.round(format.sampleRate) } : {}),
    };
  } catch (cause) {
    throw new TrainlockError('TL0002', 'it is not a recording, or it is cut off', { cause });
  } finally {
    clearTimeout(timer);
  }
};

/** A thousandfold of it must be a safe integer. */
const isCount = (value: number | undefined): boolean => value !== undefined && value >= 0 && value < 2 ** 42;
