/** Sets a repository up for records: attributes, how documents are shown, and, if asked for, a hook. Running it again changes nothing. */
import { lstat, unlink } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { escapeControl, TrainlockError, utf8 } from '#base';
import { makeFolder, readBoundedIfThere, writeAtomic } from '#files';
import { gitText } from '#origins';
import { samplePaths, withAttributes, withoutAttributes } from './git-setup/git-attributes.ts';
import { changeSetting, settingsOf } from './git-setup/git-settings.ts';
import { HOOK_COMMAND, HOOK_TEXT, type HookHere, hookHere } from './git-setup/pre-commit-hook.ts';
import { repositoryOf } from './git/repository.ts';

export type InstallGitOptions = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  /** Take back what was written, in place of writing it. */
  readonly uninstall: boolean;
  /** Also a hook that looks at what is staged. */
  readonly hooks: boolean;
};

/** One thing that would change. */
export type GitChange = {
  readonly kind: 'attributes' | 'setting' | 'hook';
  /** A file, or a setting. */
  readonly what: string;
  /** As it would look: a unified diff, or lines with + and -. */
  readonly patch: string;
  readonly make: () => Promise<void>;
};

export type GitPlan = {
  readonly top: string;
  /** Empty: everything is as it should be. */
  readonly changes: readonly GitChange[];
  /** What was left as it is, and why. */
  readonly notes: readonly string[];
};

const TEXTCONV = 'diff.trainlock.textconv';

/** A clone on which trainlock is not installed any more shows the bytes, in place of no difference at all. */
const TEXTCONV_COMMAND = 'f() { trainlock git textconv "$1" 2>/dev/null || cat "$1"; }; f';

/** Looks at the repository and plans what to change; changes nothing. Throws TL1701 without one, TL1702 where something of others is in the way. */
export const planGitSetup = async (options: InstallGitOptions): Promise<GitPlan> => {
  const repository = await repositoryOf(options.projectRoot);
  const notes: string[] = [];
  const note = (text: string): void => void notes.push(text);
  const setting = await planSetting(repository.top, options.uninstall, note);
  const hook = options.hooks || options.uninstall ? await planHook(await hookOf(repository, options.uninstall, note), options.uninstall, note) : [];
  const attributes = await planAttributes(options, note);
  return { top: repository.top, changes: [...attributes, ...setting, ...hook], notes };
};

/** Makes the changes, one after the other. Answers with what keeps them from counting. Throws TL0003. */
export const makeGitChanges = async ({ changes }: GitPlan, options: InstallGitOptions): Promise<readonly string[]> => {
  for (const { make } of changes) await make();
  return options.uninstall ? [] : overruled(options);
};

/** Another file of attributes, or a line below ours, may say something else, and then that counts. */
const overruled = async ({ projectRoot, storeFolder }: Pick<InstallGitOptions, 'projectRoot' | 'storeFolder'>): Promise<readonly string[]> => {
  const samples = samplePaths(keptInside(projectRoot, storeFolder));
  const text = (await gitText(projectRoot, ['check-attr', '-z', 'merge', 'text', '--', ...samples])) ?? '';
  const words = text.split('\0');
  return words.flatMap((path, i) => {
    const [name, value] = [words[i + 1], words[i + 2]];
    return i % 3 !== 0 || value === undefined || value === 'unset'
      ? []
      : [`something else sets the attribute ${name} of ${path} to ${escapeControl(value)}; it must be unset (-${name})`];
  });
};

/** Where hooks lie elsewhere there is nothing of ours to take away. */
const hookOf = async (repository: Parameters<typeof hookHere>[0], uninstall: boolean, note: (text: string) => void): Promise<HookHere | undefined> => {
  try {
    return await hookHere(repository);
  } catch (error) {
    if (!uninstall || !(error instanceof TrainlockError) || error.code !== 'TL1702') throw error;
    note(error.message);
    return undefined;
  }
};

const MAX_ATTRIBUTES = 16 * 1024 * 1024;

const planAttributes = async ({ projectRoot, storeFolder, uninstall }: InstallGitOptions, note: (text: string) => void): Promise<readonly GitChange[]> => {
  const path = join(projectRoot, '.gitattributes');
  if ((await lstat(path).catch(() => undefined))?.isSymbolicLink() === true)
    throw new TrainlockError('TL1702', '.gitattributes is a link, and git follows none', { where: path, fix: 'put a file in its place' });
  const bytes = await readBoundedIfThere(path, MAX_ATTRIBUTES);
  // Every byte becomes one letter, and a letter the byte again: what others wrote stays as it is, whatever it is.
  const before = bytes === undefined ? '' : Buffer.from(bytes).toString('latin1');
  const kept = keptInside(projectRoot, storeFolder);
  const { text, foreign } = uninstall ? { text: withoutAttributes(before, kept), foreign: [] } : withAttributes(before, kept);
  for (const pattern of foreign) note(`.gitattributes has a line for ${pattern} of its own, which stays; records need -merge -text`);
  if (text === before) return [];
  const removed = uninstall && text.trim() === '';
  const patch = createTwoFilesPatch(bytes === undefined ? '/dev/null' : 'a/.gitattributes', removed ? '/dev/null' : 'b/.gitattributes', before, text, '', '', {
    headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
  }).trimEnd();
  return [{ kind: 'attributes', what: path, patch, make: () => (removed ? unlink(path) : writeAtomic(path, Buffer.from(text, 'latin1'))) }];
};

/** Names of files in .gitattributes are bytes; other names than those of ASCII would need quoting that git does not read everywhere. */
const keptInside = (projectRoot: string, storeFolder: string): string | undefined => {
  const path = relative(projectRoot, join(storeFolder, 'kept')).split(sep).join('/');
  return path.startsWith('../') || /[^ -~]|[*?[\]!#]/.test(path) ? undefined : path;
};

const planSetting = async (top: string, uninstall: boolean, note: (text: string) => void): Promise<readonly GitChange[]> => {
  const found = await settingsOf(top, TEXTCONV);
  const [foreign] = found.filter(({ value }) => value !== TEXTCONV_COMMAND);
  const isSet = found.some(({ value, scope }) => value === TEXTCONV_COMMAND && scope === 'local');
  const change = (patch: string, value: string | undefined): GitChange => ({ kind: 'setting', what: TEXTCONV, patch, make: () => changeSetting(top, TEXTCONV, value) });
  if (uninstall) {
    if (foreign !== undefined) note(`${TEXTCONV} is ${escapeControl(foreign.value)} (${foreign.scope}), which is not ours and stays`);
    return isSet && foreign?.scope !== 'local' ? [change(`- ${TEXTCONV} = ${TEXTCONV_COMMAND}`, undefined)] : [];
  }
  if (foreign !== undefined)
    throw new TrainlockError('TL1702', `git shows documents of trainlock in another way already: ${TEXTCONV} is ${escapeControl(foreign.value)} (${foreign.scope})`, {
      where: top,
      fix: `look at it, then: git config --${foreign.scope} --unset-all ${TEXTCONV}`,
    });
  return isSet ? [] : [change(`+ ${TEXTCONV} = ${TEXTCONV_COMMAND}`, TEXTCONV_COMMAND)];
};

const lined = (sign: string, text: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `${sign}${line}`)
    .join('\n');

const planHook = async (hook: HookHere | undefined, uninstall: boolean, note: (text: string) => void): Promise<readonly GitChange[]> => {
  if (hook === undefined) return [];
  const { path, state } = hook;
  if (uninstall) {
    if (state === 'edited') note(`${escapeControl(path)} was edited by somebody and stays`);
    return state === 'ours' || state === 'ours-idle' ? [{ kind: 'hook', what: path, patch: `--- ${path}\n+++ /dev/null\n${lined('-', HOOK_TEXT)}`, make: () => unlink(path) }] : [];
  }
  if (state === 'ours') return [];
  if (state !== 'none' && state !== 'ours-idle')
    throw new TrainlockError(
      'TL1702',
      state === 'foreign' ? 'there is a hook before commits already, and something else wrote it' : 'the hook before commits was edited by somebody',
      {
        where: path,
        notes: ['nothing was changed'],
        fix: `add this line to it: ${HOOK_COMMAND}`,
      },
    );
  const make = async (): Promise<void> => {
    await makeFolder(dirname(path));
    await writeAtomic(path, utf8(HOOK_TEXT), 0o755);
  };
  return [{ kind: 'hook', what: path, patch: `--- /dev/null\n+++ ${path}\n${lined('+', HOOK_TEXT)}`, make }];
};
