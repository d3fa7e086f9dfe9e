import type { Detected } from '#config';
import type { ProjectEntry } from './list-project.ts';

const DATA_FOLDER = /^(data|datasets?|inputs?)$/i;
const TABLE = /\.(csv|tsv|parquet|feather|arrow|npz|npy|h5|hdf5|jsonl|txt\.gz|csv\.gz)$/i;
const MODEL = /\.(pt|pth|ckpt|safetensors|onnx|joblib|pkl|keras)$/i;
const ROLES = [
  ['train', /^(.*[_-])?train(ing)?([_-].*)?$/i],
  ['validation', /^(.*[_-])?(val|valid|validation|dev)([_-].*)?$/i],
  ['test', /^(.*[_-])?(test|testing|holdout)([_-].*)?$/i],
] as const;

type DataSet = Detected['data'][number];

/** Data sets by the names of folders and files: data/train, train.csv. A folder of Python files is code, not data. */
export const detectData = (entries: readonly ProjectEntry[]): readonly DataSet[] => {
  const folders = entries.filter((entry) => entry.kind === 'folder' && entry.depth === 1 && DATA_FOLDER.test(entry.path) && !holds(entries, entry.path, /\.py$/));
  const inFolders = folders.flatMap((folder) => partsOf(folder.path, entries));
  const tables = entries.filter((entry) => entry.kind === 'file' && entry.depth === 1 && TABLE.test(entry.path));
  return unique([...inFolders, ...tables.map((entry) => dataSet(entry.path))]).slice(0, 20);
};

/** Parts of a data folder that tell their role by name are data sets of their own; else the folder is one. */
const partsOf = (folder: string, entries: readonly ProjectEntry[]): readonly DataSet[] => {
  const parts = entries.filter((entry) => entry.path.startsWith(`${folder}/`) && entry.depth === 2 && (entry.kind === 'folder' || TABLE.test(entry.path)));
  const named = parts.map((entry) => dataSet(entry.path)).filter((part) => part.role !== undefined);
  return named.length > 0 ? named : [dataSet(folder)];
};

const dataSet = (path: string): DataSet => {
  const stem = path
    .split('/')
    .at(-1)!
    .replace(/(\.[a-z0-9]+)+$/i, '');
  const role = ROLES.find(([, pattern]) => pattern.test(stem))?.[0];
  return { name: nameOf(stem), path, ...(role === undefined ? {} : { role }) };
};

/** Model files by their endings: one glob per folder and ending. */
export const detectOutputs = (entries: readonly ProjectEntry[]): Detected['outputs'] => {
  const globs = new Map<string, Detected['outputs'][number]>();
  for (const entry of entries) {
    const ending = entry.kind === 'file' ? MODEL.exec(entry.path)?.[0] : undefined;
    if (ending === undefined || entry.depth > 2) continue;
    const folder = entry.path.includes('/') ? `${entry.path.split('/')[0]}/` : '';
    const role = /checkpoint|ckpt/i.test(entry.path) ? ('checkpoint' as const) : ('model' as const);
    globs.set(`${folder}*${ending}`, { name: nameOf(`${folder.replace('/', '-')}${role === 'model' ? 'model' : ''}`.replace(/-$/, '')), path: `${folder}*${ending}`, role });
  }
  return unique([...globs.values()]).slice(0, 20);
};

const holds = (entries: readonly ProjectEntry[], folder: string, pattern: RegExp): boolean =>
  entries.some((entry) => entry.path.startsWith(`${folder}/`) && pattern.test(entry.path));

/** A name as the schema of trainlock.yaml allows it. */
const nameOf = (text: string): string =>
  text
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 100) || 'unnamed';

const unique = <T extends { readonly name: string }>(rows: readonly T[]): readonly T[] => {
  const taken = new Set<string>();
  return rows.map((row) => {
    let name = row.name;
    for (let count = 2; taken.has(name); count += 1) name = `${row.name}-${count}`;
    taken.add(name);
    return { ...row, name };
  });
};
