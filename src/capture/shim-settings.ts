import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canonicalJson, fromUtf8 } from '#base';
import type { Randomness } from '#manifest';

export type ShimSettings = {
  readonly runFolder: string;
  readonly projectRoot: string;
  readonly workingDirectory: string;
  readonly entropy: 'own' | 'observe';
  readonly rootFile?: string;
  readonly hashSeed?: string;
  readonly deterministic: boolean;
  /** Set in a replay: the seeds to play back and the paths that moved. */
  readonly replay?: { readonly tape: Randomness['tape']; readonly pathMap: readonly { readonly from: string; readonly to: string }[] };
};

/** The folder that goes on PYTHONPATH: beside the package, wherever this module was bundled to. */
const shimFolder = (): string => {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    for (const candidate of [join(folder, 'python', 'shim'), join(folder, 'shim')]) if (existsSync(join(candidate, 'sitecustomize.py'))) return candidate;
  }
  throw new Error('the Python shim is not installed beside trainlock');
};

/** Writes the settings that the shim reads in every process, and gives the environment of the child. */
export const prepareShim = async (settings: ShimSettings, env: Readonly<Record<string, string | undefined>>): Promise<Record<string, string>> => {
  const shim = shimFolder();
  const events = join(settings.runFolder, 'events');
  await mkdir(events, { recursive: true, mode: 0o700 });
  const lines = [
    'version=1',
    `entropy=${settings.entropy}`,
    ...(settings.rootFile === undefined ? [] : [`root_file=${settings.rootFile}`]),
    `project=${settings.projectRoot}`,
    `working=${settings.workingDirectory}`,
    `shim=${shim}`,
    `events=${events}`,
    `deterministic=${settings.deterministic ? 1 : 0}`,
    `replay=${settings.replay === undefined ? 0 : 1}`,
    ...(settings.replay?.pathMap ?? []).map((one) => `map=${one.from}\t${one.to}`),
  ];
  if (settings.replay !== undefined) {
    const tape = join(settings.runFolder, 'tape.jsonl');
    await writeFile(tape, settings.replay.tape.map((entry) => `${fromUtf8(canonicalJson(entry))}\n`).join(''), { mode: 0o600 });
    lines.push(`tape=${tape}`);
  }
  await writeFile(join(settings.runFolder, 'shim.conf'), `${lines.join('\n')}\n`, { mode: 0o600 });
  return {
    ...definedOnly(env),
    TRAINLOCK_RUN_DIR: settings.runFolder,
    TRAINLOCK_PROCESS: '0',
    PYTHONPATH: [shim, ...(env['PYTHONPATH'] === undefined || env['PYTHONPATH'] === '' ? [] : [env['PYTHONPATH']])].join(':'),
    ...(settings.hashSeed === undefined ? {} : { PYTHONHASHSEED: settings.hashSeed }),
  };
};

const definedOnly = (env: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
