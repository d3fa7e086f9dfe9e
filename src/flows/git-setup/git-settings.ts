import { escapeControl, TrainlockError } from '#base';
import { gitReason, runGit } from '#origins';

export type GitSetting = { /** system, global, local or worktree. */ readonly scope: string; readonly value: string };

/** What the files of git's configuration say, the strongest last; what a command line or the environment adds is left out. */
export const settingsOf = async (folder: string, key: string, type: readonly string[] = []): Promise<readonly GitSetting[]> => {
  const answer = await runGit(folder, ['config', ...type, '--show-scope', '-z', '--get-all', key]);
  if (answer.kind !== 'ended' || answer.code !== 0) return [];
  const words = answer.stdout.toString('utf8').split('\0');
  return words.flatMap((scope, i) => (i % 2 === 0 && scope !== '' && scope !== 'command' ? [{ scope, value: words[i + 1] ?? '' }] : []));
};

/** Writes or removes a setting of this repository. Throws TL0003. */
export const changeSetting = async (folder: string, key: string, value: string | undefined): Promise<void> => {
  const answer = await runGit(folder, ['config', '--local', ...(value === undefined ? ['--unset-all', key] : [key, value])]);
  if (answer.kind === 'ended' && answer.code === 0) return;
  throw new TrainlockError('TL0003', `git does not keep the setting ${key}: ${escapeControl(gitReason(answer))}`, { where: folder });
};
