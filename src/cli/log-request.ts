import { TrainlockError } from '#base';
import { loadProject } from '#flows/load-project';
import type { CommandContext, ParsedInput } from './command.ts';
import type { Progress } from './progress-line.ts';

/** What flows about the log are told, beside what they are asked. */
export type LogRequest = { readonly projectRoot: string; readonly storeFolder: string; readonly workingDirectory: string; readonly env: CommandContext['env'] };

export const logRequest = async (input: ParsedInput, context: CommandContext): Promise<LogRequest> => {
  const { projectRoot, storeFolder } = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  return { projectRoot, storeFolder, workingDirectory: context.workingDirectory, env: context.env };
};

/** A whole number of at least `least`. Throws TL0001. */
export const numberFlag = (input: ParsedInput, name: string, least: number): number | undefined => {
  const text = input.flags[name];
  if (typeof text !== 'string') return undefined;
  const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new TrainlockError('TL0001', `--${name} needs a whole number of at least ${least}, not ${text.slice(0, 50)}`);
};

/** A flag that may be given many times. */
export const listFlag = (input: ParsedInput, name: string): readonly string[] => {
  const value = input.flags[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
};

/** A flag with a text, as a member of options. */
export const textFlag = <Name extends string>(input: ParsedInput, flag: string, name: Name): { readonly [key in Name]?: string } => {
  const value = input.flags[flag];
  return (typeof value === 'string' ? { [name]: value } : {}) as { readonly [key in Name]?: string };
};

/** Shows how far the check of a log is. */
export const leafProgress =
  (onProgress: (done: Progress) => void) =>
  ({ leaves, size }: { readonly leaves: number; readonly size: number }): void =>
    onProgress({ files: leaves, totalFiles: size, bytes: 0, totalBytes: 0, unit: 'leaves' });
