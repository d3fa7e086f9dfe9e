/** Sets a project up: looks what is there, plans the files, shows the changes, writes them. Running it again changes nothing. */
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { fromUtf8, TrainlockError, utf8 } from '#base';
import { type Detected, initialConfig, readConfig } from '#config';
import { makeFolder, readBoundedIfThere, writeAtomic } from '#files';
import { ignoreText } from '#store';
import { KEPT, withAttributes } from './git-setup/git-attributes.ts';
import { loadProject, type ProjectLocation } from './load-project.ts';
import { type CiSystem, ciWorkflow } from './project-setup/ci-workflow.ts';
import { detectData, detectOutputs } from './project-setup/detect-data.ts';
import { detectMetrics } from './project-setup/detect-metrics.ts';
import { detectScripts } from './project-setup/detect-scripts.ts';
import { listProject } from './project-setup/list-project.ts';
import { type Locking, lockingOf } from './project-setup/lock-files.ts';

/** One file that would change. */
export type PlannedFile = {
  /** Relative to the project. */
  readonly path: string;
  readonly text: string;
  /** Unified diff against what is there now. */
  readonly patch: string;
};

export type SetupPlan = {
  readonly projectRoot: string;
  /** Likely training scripts, the likeliest first. */
  readonly scripts: readonly string[];
  readonly locking: Locking;
  readonly detected: Detected;
  /** Empty: everything is in place. */
  readonly files: readonly PlannedFile[];
  /** What was left as it is, and why. */
  readonly notes: readonly string[];
};

const IGNORE_TEXT = ignoreText('Records stay on this machine. kept/ holds those that someone chose to keep in git.');

/** Looks at the project and plans what to write; writes nothing. */
export const planSetup = async (location: ProjectLocation, ci?: CiSystem): Promise<SetupPlan> => {
  const { projectRoot, configFile } = await loadProject(location);
  const entries = await listProject(projectRoot);
  const [scripts, metrics, locking] = await Promise.all([detectScripts(projectRoot, entries), detectMetrics(projectRoot, entries), lockingOf(projectRoot)]);
  const detected: Detected = { data: detectData(entries), metrics, outputs: detectOutputs(entries) };
  const notes: string[] = [];
  const wanted: { path: string; text: string; onlyNew: boolean }[] = [{ path: '.trainlock/.gitignore', text: IGNORE_TEXT, onlyNew: true }];
  if (configFile === undefined) wanted.unshift({ path: 'trainlock.yaml', text: checkedConfig(detected), onlyNew: true });
  if (await exists(join(projectRoot, '.git'))) wanted.push({ path: '.gitattributes', text: await attributesText(projectRoot), onlyNew: false });
  if (ci !== undefined) {
    const lockFile = locking.kind === 'none' ? {} : { lockFile: locking.file };
    const facts = { script: scripts[0] ?? 'train.py', ...lockFile, hasPyproject: entries.some((entry) => entry.path === 'pyproject.toml') };
    wanted.push({ ...ciWorkflow(ci, facts), onlyNew: true });
    if (scripts.length === 0) notes.push('no training script was found; the workflow names train.py');
  }
  const files = await changedFiles(projectRoot, wanted);
  return { projectRoot, scripts, locking, detected, files, notes };
};

/** Writes the planned files, each atomically. */
export const writeSetup = async (plan: SetupPlan): Promise<void> => {
  for (const file of plan.files) {
    const path = join(plan.projectRoot, file.path);
    await makeFolder(dirname(path));
    await writeAtomic(path, utf8(file.text));
  }
};

/** Files that are not there yet, or that lack something; what a person may have edited is left alone. */
const changedFiles = async (root: string, wanted: readonly { path: string; text: string; onlyNew: boolean }[]): Promise<readonly PlannedFile[]> => {
  const files: PlannedFile[] = [];
  for (const { path, text, onlyNew } of wanted) {
    const before = await textIfThere(join(root, path));
    if (before === text || (onlyNew && before !== undefined)) continue;
    const patch = createTwoFilesPatch(before === undefined ? '/dev/null' : `a/${path}`, `b/${path}`, before ?? '', text, '', '', {
      headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
    });
    files.push({ path, text, patch: patch.trimEnd() });
  }
  return files;
};

const checkedConfig = (detected: Detected): string => {
  const text = initialConfig(detected);
  const reading = readConfig(utf8(text));
  if (reading.kind === 'rejected')
    throw new TrainlockError('TL0901', 'the configuration that was made is not valid', { notes: reading.problems.map((problem) => problem.message) });
  return text;
};

const attributesText = async (root: string): Promise<string> => withAttributes((await textIfThere(join(root, '.gitattributes'))) ?? '', KEPT).text;

const textIfThere = async (path: string): Promise<string | undefined> => {
  const bytes = await readBoundedIfThere(path, 16 * 1024 * 1024);
  if (bytes === undefined) return undefined;
  const text = fromUtf8(bytes);
  if (text === undefined) throw new TrainlockError('TL0002', 'the file is not UTF-8 and cannot be extended', { where: path });
  return text;
};

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
