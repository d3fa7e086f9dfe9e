import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { escapeControl, nearest, problemLine, TrainlockError } from '#base';
import { type Mapping, readMapping } from '#evidence';
import { nodeCrypto, readBounded } from '#files';

const NAME = /^([a-z0-9]+(?:[.-][a-z0-9]+)*)@([0-9]{4}-[0-9]{2}-[0-9]{2})\.yaml$/;
const MAX_MAPPING = 1024 * 1024;

/** The folder of maps, beside the package wherever this module was bundled to. */
const mappingsFolder = (): string => {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'mappings');
    if (existsSync(join(candidate, 'README.md'))) return candidate;
  }
  throw new TrainlockError('TL1602', 'the compliance maps are not installed beside trainlock', { fix: 'install trainlock again' });
};

const namesOfMappings = async (): Promise<{ readonly folder: string; readonly names: readonly string[] }> => {
  const folder = mappingsFolder();
  return { folder, names: (await readdir(folder)).filter((name) => NAME.test(name)).toSorted() };
};

/** Every map that came with trainlock, in the order of their names. Throws TL1601 for one that cannot be understood. */
export const shippedMappings = async (): Promise<readonly { readonly path: string; readonly mapping: Mapping }[]> => {
  const { folder, names } = await namesOfMappings();
  const found: { path: string; mapping: Mapping }[] = [];
  for (const name of names) found.push({ path: join(folder, name), mapping: await mappingAt(join(folder, name)) });
  return found;
};

/** A map by its path, or the newest one of a framework, or that of a day: eu-ai-act, eu-ai-act@2026-11-26. Throws TL0002, TL1601, TL1602. */
export const findMapping = async (framework: string, workingDirectory: string): Promise<{ readonly path: string; readonly mapping: Mapping }> => {
  if (/[/\\]|\.ya?ml$/.test(framework)) {
    const path = resolve(workingDirectory, framework);
    return { path, mapping: await mappingAt(path) };
  }
  const { folder, names } = await namesOfMappings();
  const name = names.findLast((one) => one === `${framework}.yaml` || NAME.exec(one)?.[1] === framework);
  if (name !== undefined) return { path: join(folder, name), mapping: await mappingAt(join(folder, name)) };
  const ids = [...new Set(names.map((one) => NAME.exec(one)![1]!))];
  const near = nearest(framework, ids);
  throw new TrainlockError('TL1602', `there is no compliance map ${escapeControl(framework.slice(0, 80))}`, {
    notes: [...(near === undefined ? [] : [`did you mean ${near}?`]), `maps: ${ids.join(', ')}`],
    fix: 'trainlock evidence --list',
  });
};

const mappingAt = async (path: string): Promise<Mapping> => {
  const reading = readMapping(await readBounded(path, MAX_MAPPING), nodeCrypto);
  if (reading.kind === 'rejected') throw notUnderstood(path, reading.problems.slice(0, 20).map(problemLine));
  const { id, date } = reading.value;
  const named = NAME.exec(basename(path));
  // A map under the name of another one, or of another day, would be taken for that.
  if (named !== null && (named[1] !== id || named[2] !== date)) throw notUnderstood(path, [`it says of itself that it is ${id}@${date}`]);
  return reading.value;
};

const notUnderstood = (path: string, notes: readonly string[]): TrainlockError =>
  new TrainlockError('TL1601', 'the compliance map cannot be understood', { where: path, notes, fix: `mend ${escapeControl(basename(path))}` });
