import type { CommandResult, Host } from './host.ts';

/**
 * Variables of git that a user may have set and that must keep their meaning: where configuration lies (safe.directory in CI),
 * how far to look for a repository. Everything else beginning with GIT_ is dropped: a GIT_DIR or GIT_INDEX_FILE left by a hook
 * would make us describe another repository than the one the code lies in, and GIT_TRACE would write into our output.
 */
const KEPT = /^GIT_(?:CONFIG_GLOBAL|CONFIG_SYSTEM|CONFIG_NOSYSTEM|CONFIG_COUNT|CONFIG_KEY_\d+|CONFIG_VALUE_\d+|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|EXEC_PATH)$/;

/** Environment for git: English messages, no locks, no prompts, and no protocol, so that nothing is ever fetched (partial clones). */
const gitEnvironment = (environment: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined || (name.startsWith('GIT_') && !KEPT.test(name)) ? [] : [[name, value] as const])),
  ),
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_PAGER: '',
  LC_ALL: 'C',
  LANGUAGE: 'C',
});

/** Settings that keep git from starting programs of the repository: monitors and hooks. */
const QUIET = [
  '--no-pager',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.untrackedCache=keep',
  '-c',
  'diff.suppressBlankEmpty=false',
  '-c',
  'submodule.recurse=false',
];

export type Git = (args: readonly string[], options?: { readonly directory?: string; readonly maxBytes?: number; readonly timeoutMs?: number }) => Promise<CommandResult>;

export type GitSettings = { readonly host: Host; readonly environment: Readonly<Record<string, string | undefined>>; readonly directory: string; readonly timeoutMs: number };

export const gitCommand = (settings: GitSettings): Git => {
  const environment = gitEnvironment(settings.environment);
  return (args, options = {}) =>
    settings.host.run('git', [...QUIET, ...args], {
      directory: options.directory ?? settings.directory,
      environment,
      timeoutMs: options.timeoutMs ?? settings.timeoutMs,
      ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
    });
};

/** Output of a command that must succeed; undefined otherwise. */
export const outputOf = (result: CommandResult): Buffer | undefined => (result.kind === 'ended' && result.code === 0 ? result.stdout : undefined);

/** Why a command gave no answer, in a few words. */
export const failureOf = (result: CommandResult): string =>
  result.kind === 'failed'
    ? result.message
    : (result.stderr
        .split('\n')
        .find((line) => line.trim() !== '')
        ?.trim()
        .slice(0, 300) ?? `it ended with ${result.code}`);

/** Pieces between zero bytes; names of files are any bytes without zero. */
export const splitZero = (bytes: Buffer): readonly Buffer[] => {
  const pieces: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(0); at !== -1; at = bytes.indexOf(0, from)) {
    pieces.push(bytes.subarray(from, at));
    from = at + 1;
  }
  if (from < bytes.length) pieces.push(bytes.subarray(from));
  return pieces;
};
