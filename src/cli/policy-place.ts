import { resolve } from 'node:path';
import { escapeControl } from '#base';
import { loadProject } from '#flows/load-project';
import type { CommandContext, ParsedInput } from './command.ts';

/** Where a policy is looked for. */
export const policyPlace = async (
  input: ParsedInput,
  { workingDirectory, env }: CommandContext,
  file: string | undefined,
): Promise<{ readonly projectRoot: string; readonly storeFolder: string; readonly workingDirectory: string; readonly file?: string; readonly base?: string }> => {
  const { projectRoot, storeFolder } = await loadProject({ workingDirectory, env, flags: input.flags });
  return { projectRoot, storeFolder, workingDirectory, ...(file === undefined ? {} : { file }), ...baseFlag(input.flags) };
};

/** The file that a flag names. */
export const fileFlag = (value: ParsedInput['flags'][string]): string | undefined => (typeof value === 'string' ? value : undefined);

/** The word for a baseline where there is none. */
export const NOTHING = 'none';

export const baselineOf = (word: string): { readonly baseline?: string } => (word === NOTHING ? {} : { baseline: word });

/** The revision whose policy counts. */
export const baseFlag = ({ base }: ParsedInput['flags']): { readonly base?: string } => (typeof base === 'string' ? { base } : {});

export const environmentFlag = ({ environment }: ParsedInput['flags']): { readonly environment?: string } => (typeof environment === 'string' ? { environment } : {});

/** The key of SSH that is to sign. What ssh-keygen says meanwhile, for example that a key waits to be touched, is said on. */
export const sshKeyOf = (
  { 'ssh-key': sshKey }: ParsedInput['flags'],
  { workingDirectory, say }: CommandContext,
): { readonly sshKey?: string; readonly onNotice?: (text: string) => void } =>
  typeof sshKey === 'string' ? { sshKey: resolve(workingDirectory, sshKey), onNotice: (text) => say(escapeControl(text)) } : {};
