import { TrainlockError } from '#base';
import type { OpenBytes } from '../open-bytes.ts';

/** What the head of an image says. */
export type ImageFacts = { readonly format: string; readonly width?: number; readonly height?: number };

/** Bytes that are read of an image: few first, more if its size stands behind other things. Nothing is ever decoded. */
const HEADS = [16 * 1024, 512 * 1024];

/** Largest side that is believed. Unit: pixel. Source: the widest fields of the formats read have 32 bits. */
const MOST_PIXELS = 2 ** 32;

/**
 * Format and size of an image by its head. TIFF may tell its size at its end, which is not looked for. The bytes are hostile. Throws
 * TL0002 if they are no image.
 */
export const lookAtImage = async (file: OpenBytes): Promise<ImageFacts> => {
  const { imageSize } = await import('image-size');
  let cause: unknown;
  for (const mostBytes of HEADS) {
    const head = await file.read(0, Math.min(file.sizeBytes, mostBytes));
    try {
      const { width, height, type } = imageSize(head);
      if (!isSide(width) || !isSide(height)) break;
      return { format: type ?? 'unknown', width, height };
    } catch (error) {
      cause = error;
      if (isTiff(head) && file.sizeBytes > HEADS[1]!) return { format: 'tiff' };
      if (file.sizeBytes <= mostBytes) break;
    }
  }
  throw new TrainlockError('TL0002', 'it is not an image, or it is cut off', { cause });
};

const isSide = (pixels: number): boolean => Number.isSafeInteger(pixels) && pixels > 0 && pixels < MOST_PIXELS;

const isTiff = (head: Uint8Array): boolean => /^(II\*\0|MM\0\*)/.test(Buffer.from(head.subarray(0, 4)).toString('latin1'));
