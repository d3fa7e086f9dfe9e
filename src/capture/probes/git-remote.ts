import { withoutCredentials } from '#base';
import type { GitStatus } from './git-status.ts';
import { splitZero } from './git-command.ts';

/** Settings of git config -z: name, line feed, value. Later ones win. */
export const readSettings = (bytes: Buffer): ReadonlyMap<string, string> =>
  new Map(
    splitZero(bytes).map((piece) => {
      const text = piece.toString('utf8');
      const end = text.indexOf('\n');
      return end === -1 ? ([text, ''] as const) : ([text.slice(0, end), text.slice(end + 1)] as const);
    }),
  );

/** The URL of the remote that the branch follows, else of origin, else of the only one; credentials removed. */
export const remoteOf = (settings: ReadonlyMap<string, string>, status: GitStatus): string | undefined => {
  const urls = new Map(
    [...settings].flatMap(([name, value]) => {
      const remote = /^remote\.(.+)\.url$/s.exec(name)?.[1];
      return remote === undefined ? [] : [[remote, value] as const];
    }),
  );
  const followed = status.branch === undefined ? undefined : settings.get(`branch.${status.branch}.remote`);
  const name = [followed, 'origin', urls.size === 1 ? [...urls.keys()][0] : undefined].find((one) => one !== undefined && urls.has(one));
  const url = name === undefined ? undefined : urls.get(name);
  return url === undefined ? undefined : withoutCredentials(url).slice(0, 1024);
};
