/** Finds the project and reads what people declared: the first step of every other flow. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { countOf, escapeControl, type Problem, problemLine, type Reading, TrainlockError } from '#base';
import { type Config, resolveSettings, type Settings, USER_KEYS } from '#config';

export type ProjectLocation = {
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Flags of the command line by name, as far as they are settings. */
  readonly flags?: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  /** Read neither configuration files nor variables: for looking at a project whose configuration is broken. */
  readonly ignoreDeclared?: boolean;
};

export type Project = {
  /** Absolute. */
  readonly projectRoot: string;
  /** What made this folder the project. */
  readonly foundBy: 'trainlock.yaml' | 'pyproject.toml' | 'git' | 'working-folder';
  /** The project's configuration file, absolute; absent if nothing is declared. */
  readonly configFile?: string;
  /** The user's configuration file, absolute, if there is one. */
  readonly userConfigFile?: string;
  readonly config: Config;
  readonly settings: Settings;
  /** Absolute folder of the records. */
  readonly storeFolder: string;
};

/**
 * The project that holds the working folder: the nearest folder upwards with trainlock.yaml or [tool.trainlock], else the top of
 * the git working tree, else the working folder itself. Throws TL0101 with every problem of a configuration, TL0102 if both exist.
 */
export const loadProject = async (location: ProjectLocation): Promise<Project> => {
  const ignored = location.ignoreDeclared === true;
  const found = ignored ? undefined : await findDeclared(location.workingDirectory);
  const top = found === undefined ? await gitTop(location.workingDirectory) : undefined;
  const projectRoot = found?.root ?? top ?? location.workingDirectory;
  const user = ignored ? undefined : await readUserConfig(location.env);
  const settings = resolveSettings({
    flags: location.flags ?? {},
    env: ignored ? {} : location.env,
    ...(found === undefined ? {} : { project: { file: found.file, config: found.config } }),
    ...(user === undefined ? {} : { user }),
  });
  if (settings.kind === 'rejected') throw configurationError(ENVIRONMENT, settings.problems);
  return {
    projectRoot,
    foundBy: found?.foundBy ?? (top === undefined ? 'working-folder' : 'git'),
    ...(found === undefined ? {} : { configFile: found.file }),
    ...(user === undefined ? {} : { userConfigFile: user.file }),
    config: found?.config ?? {},
    settings: settings.value,
    storeFolder: storeFolderOf(settings.value.store, projectRoot, location.workingDirectory),
  };
};

type Declared = { readonly root: string; readonly foundBy: 'trainlock.yaml' | 'pyproject.toml'; readonly file: string; readonly config: Config };

const findDeclared = async (start: string): Promise<Declared | undefined> => {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    const declared = await declaredIn(folder);
    if (declared !== undefined || folder === dirname(folder)) return declared;
  }
};

const declaredIn = async (root: string): Promise<Declared | undefined> => {
  const [yamlFile, tomlFile] = [join(root, 'trainlock.yaml'), join(root, 'pyproject.toml')];
  const [yamlBytes, tomlBytes] = await Promise.all([readIfFile(yamlFile), readIfFile(tomlFile)]);
  const section = tomlBytes === undefined ? undefined : await pyprojectSection(tomlFile, tomlBytes);
  if (yamlBytes !== undefined && section !== undefined) {
    throw new TrainlockError('TL0102', 'trainlock.yaml and [tool.trainlock] in pyproject.toml are both there', {
      where: root,
      fix: 'move everything into trainlock.yaml and remove [tool.trainlock] from pyproject.toml',
    });
  }
  if (yamlBytes !== undefined) return { root, foundBy: 'trainlock.yaml', file: yamlFile, config: await configIn(yamlFile, yamlBytes) };
  return section === undefined ? undefined : { root, foundBy: 'pyproject.toml', file: tomlFile, config: section };
};

/** A pyproject.toml that never mentions us is none of our business, even if it is broken. */
const pyprojectSection = async (file: string, bytes: Uint8Array): Promise<Config | undefined> => {
  if (!Buffer.from(bytes).includes('trainlock')) return undefined;
  const { readPyproject } = await import('#config');
  return acceptedOrThrow(file, readPyproject(bytes));
};

/** The parsers are loaded when there is something to parse: many projects have no file at all. */
const configIn = async (file: string, bytes: Uint8Array): Promise<Config> => {
  const { readConfig } = await import('#config');
  return acceptedOrThrow(file, readConfig(bytes));
};

const readUserConfig = async (env: ProjectLocation['env']): Promise<{ file: string; config: Config } | undefined> => {
  const home = env['XDG_CONFIG_HOME'] || (env['HOME'] ? join(env['HOME'], '.config') : undefined);
  if (home === undefined) return undefined;
  const file = join(home, 'trainlock', 'config.yaml');
  const bytes = await readIfFile(file);
  if (bytes === undefined) return undefined;
  const config = await configIn(file, bytes);
  const foreign = Object.keys(config).filter((key) => !USER_KEYS.has(key));
  if (foreign.length > 0) {
    throw new TrainlockError('TL0101', `${foreign.join(', ')}: this is declared per project, not per user`, {
      where: file,
      fix: `move ${foreign.join(', ')} to trainlock.yaml of the project`,
    });
  }
  return { file, config };
};

const acceptedOrThrow = <T>(file: string, reading: Reading<T>): T => {
  if (reading.kind === 'accepted') return reading.value;
  throw configurationError(file, reading.problems);
};

const configurationError = (place: string, problems: readonly Problem[]): TrainlockError => {
  const [first] = problems;
  if (problems.length === 1 && first !== undefined) {
    const line = first.line === undefined ? '' : `:${first.line}`;
    return new TrainlockError('TL0101', first.message, {
      where: `${place}${line}${first.pointer === '' ? '' : ` ${escapeControl(first.pointer)}`}`,
      ...(first.hint === undefined ? {} : { notes: [first.hint] }),
      fix: fixOf(place),
    });
  }
  return new TrainlockError('TL0101', countOf(problems.length, 'problem'), {
    where: place,
    notes: problems.map(problemLine),
    fix: fixOf(place),
  });
};

const fixOf = (place: string): string => `mend ${place === ENVIRONMENT ? 'the variable' : place}, then check it with: trainlock config show`;

/** Only regular files are read, so that a pipe of that name cannot hold us up; what is larger than the limit is told by the reader. */
const readIfFile = async (file: string): Promise<Uint8Array | undefined> => {
  try {
    const facts = await stat(file);
    if (!facts.isFile()) return undefined;
    if (facts.size > 16 * 1024 * 1024) throw new TrainlockError('TL0101', `the file has ${facts.size} bytes`, { where: file });
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (error instanceof TrainlockError) throw error;
    throw new TrainlockError('TL0002', `${code}: the configuration cannot be read`, { where: file, cause: error });
  }
};

const gitTop = async (start: string): Promise<string | undefined> => {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    if (
      await stat(join(folder, '.git')).then(
        () => true,
        () => false,
      )
    )
      return folder;
    if (folder === dirname(folder)) return undefined;
  }
};

const ENVIRONMENT = 'the environment';

/** A folder named by a flag or a variable counts from where the person stands; one from a file counts from the project. */
const storeFolderOf = ({ value, origin }: Settings['store'], projectRoot: string, workingDirectory: string): string =>
  resolve(origin.kind === 'flag' || origin.kind === 'variable' ? workingDirectory : projectRoot, value);
