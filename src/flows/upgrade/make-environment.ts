import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TrainlockError, utf8 } from '#base';
import { writeAtomic } from '#files';
import { runTool } from '../project-health/run-tool.ts';
import { type Pip, toolEnv } from './pip.ts';
import type { UpgradeFolder } from './upgrade-folder.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Makes an empty environment of an interpreter. Throws TL0505. */
export const emptyEnvironment = async (python: string, folder: string, env: Env): Promise<string> => {
  const answer = await runTool(python, ['-I', '-m', 'venv', '--clear', '--without-pip', folder], { env: toolEnv(env), timeoutMs: 120_000 });
  if (answer?.code === 0) return join(folder, 'bin', 'python');
  throw new TrainlockError('TL0505', `${python} makes no environment`, {
    notes: (answer?.stderr ?? answer?.stdout ?? '').trim().split('\n').slice(-5),
    fix: 'install the module venv of this Python (python3-venv), or name another interpreter: --python PATH',
  });
};

export type Installation = {
  /** The interpreter of which it is made. */
  readonly python: string;
  readonly pip: Pip;
  /** Whether every package of the lock has a hash. */
  readonly isHashed: boolean;
  readonly sources: readonly string[];
  readonly env: Env;
};

/** Makes the environment of a lock; one that was begun and not finished is made anew. The interpreter of it. Throws TL0505. */
export const makeEnvironment = async (folder: UpgradeFolder, { python, pip, isHashed, sources, env }: Installation): Promise<string> => {
  const made = join(folder.environment, 'bin', 'python');
  if (existsSync(folder.environmentMade) && existsSync(made)) return made;
  await rm(folder.environment, { recursive: true, force: true });
  await emptyEnvironment(python, folder.environment, env);
  await pip.run(made, ['install', '--quiet', '--no-deps', ...(isHashed ? ['--require-hashes'] : []), ...sources, '--requirement', folder.lock], 'cannot install what it resolved');
  await writeAtomic(folder.environmentMade, utf8('made\n'));
  return made;
};
