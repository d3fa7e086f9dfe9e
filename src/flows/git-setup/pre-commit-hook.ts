import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { escapeControl, fromUtf8, TrainlockError } from '#base';
import { readBoundedIfThere } from '#files';
import type { Repository } from '../git/repository.ts';
import { settingsOf } from './git-settings.ts';

/** What a hook of somebody else needs to do the same. */
export const HOOK_COMMAND = 'trainlock git check --staged --definite';

const MARK = '# Written by trainlock git install --hooks, and removed by trainlock git install --uninstall.';

export const HOOK_TEXT = `#!/bin/sh
${MARK}
# Are staged records, approvals and policies whole, and is nothing that was signed rewritten or removed?
command -v trainlock >/dev/null 2>&1 || {
  echo 'trainlock is not on the path, so nobody looked at what is staged; git commit --no-verify goes on without' >&2
  exit 1
}
exec ${HOOK_COMMAND}
`;

export type HookHere = {
  readonly path: string;
  /** none: there is none; ours as it is written now; the same, and git cannot start it; ours and edited; of somebody else. */ readonly state:
    | 'none'
    | 'ours'
    | 'ours-idle'
    | 'edited'
    | 'foreign';
};

const MAX_HOOK = 1024 * 1024;

/** The hook that git would run before a commit. Throws TL1702 where hooks lie outside the repository, or are turned off. */
export const hookHere = async ({ top, commonFolder }: Repository): Promise<HookHere> => {
  const path = join(await hooksFolder(top, commonFolder), 'pre-commit');
  const bytes = await readBoundedIfThere(path, MAX_HOOK);
  if (bytes === undefined) return { path, state: 'none' };
  const text = fromUtf8(bytes);
  if (text === HOOK_TEXT) return { path, state: (await isExecutable(path)) ? 'ours' : 'ours-idle' };
  return { path, state: text?.includes(MARK) === true ? 'edited' : 'foreign' };
};

const hooksFolder = async (top: string, commonFolder: string): Promise<string> => {
  const setting = (await settingsOf(top, 'core.hooksPath', ['--type=path'])).at(-1);
  if (setting === undefined) return join(commonFolder, 'hooks');
  const folder = resolve(top, setting.value);
  if (folder === '/dev/null') throw elsewhere('hooks are turned off by core.hooksPath', setting.value, top);
  // A folder for all repositories of a user is no place for a hook of one.
  if (setting.scope === 'global' || setting.scope === 'system') throw elsewhere(`core.hooksPath is set for every repository (${setting.scope})`, setting.value, top);
  return folder;
};

const elsewhere = (because: string, value: string, where: string): TrainlockError =>
  new TrainlockError('TL1702', `no hook was written: ${because}`, {
    where,
    notes: [`core.hooksPath is ${escapeControl(value)}`],
    fix: `run this before each commit in your own way: ${HOOK_COMMAND}`,
  });

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
