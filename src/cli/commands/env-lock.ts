import { countOf, escapeControl, EXIT } from '#base';
import { loadProject } from '#flows/load-project';
import { lockEnvironment } from '#flows/lock-environment';
import type { CommandHandler } from '../command.ts';
import { listFlag } from '../trust-place.ts';

/** Most lines about what is missing that are said; the file has all of them. */
const MOST_SAID = 10;

/** Prints or writes the lock of a run. The lock alone goes to stdout, so that it can be redirected; what is missing is said on stderr. */
export const handle: CommandHandler = async ({ flags, positionals }, context) => {
  const { projectRoot, storeFolder } = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags });
  const locked = await lockEnvironment({
    projectRoot,
    storeFolder,
    workingDirectory: context.workingDirectory,
    env: context.env,
    reference: positionals[0]!,
    format: flags['format'] === 'pip' ? 'pip' : 'pylock',
    neededOnly: flags['needed'] === true,
    findLinks: listFlag(flags['find-links']),
    cache: flags['no-cache'] !== true,
    ...(typeof flags['out'] === 'string' ? { out: flags['out'] } : {}),
  });
  const { lock, text, missing, unhashed, path } = locked;
  const id = lock.run.id.slice(0, 8);
  const state =
    missing.length > 0
      ? `the lock is not complete: ${countOf(missing.length, 'package')} ${missing.length === 1 ? 'is' : 'are'} missing from it`
      : unhashed > 0
        ? 'the lock is complete, partly without hashes'
        : 'the lock is complete';
  const facts = `${state}; ${countOf(lock.entries.length, 'package')}, ${lock.entries.length - unhashed} with a proven hash`;
  const lines = missing.slice(0, MOST_SAID).map(({ name, version, because, fix }) => `  ${name} ${version}: ${because}; ${fix}`);
  const more = missing.length > MOST_SAID ? [`  … and ${missing.length - MOST_SAID} more`] : [];
  const said = [facts, ...lines, ...more].map((line) => escapeControl(line));
  if (path === undefined && !context.json) for (const [at, line] of said.entries()) context.say(at === 0 ? `trainlock: ${line}` : line);
  return {
    exit: missing.length === 0 ? EXIT.yes : EXIT.undecided,
    text: path === undefined ? text : [`wrote ${escapeControl(path)}`, ...said].join('\n'),
    data: { ...locked, path: path ?? null, complete: missing.length === 0 },
    findings: missing.map(({ name, version, because, fix }) => ({
      kind: 'not-in-lock',
      severity: 'warning' as const,
      message: escapeControl(`${name} ${version}: ${because}`),
      remedy: escapeControl(fix),
    })),
    next: [`trainlock env diff ${id}`],
  };
};
