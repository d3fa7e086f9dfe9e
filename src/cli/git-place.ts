import { loadProject } from '#flows/load-project';
import type { CheckChangesOptions } from '#flows/check-changes';
import type { CommandContext, ParsedInput } from './command.ts';
import { fileFlag } from './policy-place.ts';

/** Which change is asked about, and by whose keys. */
export const gitPlace = async ({ flags }: ParsedInput, { workingDirectory, env }: CommandContext): Promise<Omit<CheckChangesOptions, 'staged' | 'selfAnchored'>> => {
  const { projectRoot, storeFolder } = await loadProject({ workingDirectory, env, flags });
  const [base, head, pin] = [fileFlag(flags['base']), fileFlag(flags['head']), fileFlag(flags['trust'])];
  return {
    projectRoot,
    storeFolder,
    workingDirectory,
    env,
    ...(base === undefined ? {} : { base }),
    ...(head === undefined ? {} : { head }),
    ...(pin === undefined ? {} : { pin }),
  };
};
