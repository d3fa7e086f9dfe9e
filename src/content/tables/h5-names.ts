import type { Dataset, File, Group } from 'h5wasm';

const MOST_DATA_SETS = 10_000;
const MOST_DEPTH = 32;

/**
 * Paths of the data sets of a file, sorted. Links by name are not followed: they may lead in circles, or out of the file. Groups
 * that hang in each other are visited once.
 */
export const dataSetPaths = (file: File): readonly string[] => {
  const paths: string[] = [];
  const seen = new Set<string>();
  const visit = (group: Group, prefix: string, depth: number): void => {
    for (const name of group.keys()) {
      const path = `${prefix}/${name}`;
      if (paths.length >= MOST_DATA_SETS || name === '.' || name === '..' || file.get_link(path) !== null) continue;
      const entity: unknown = file.get(path);
      if (isDataset(entity)) {
        // A single value is no table.
        if ((entity.metadata.shape?.length ?? 0) > 0) paths.push(path.slice(1));
      }
      if (isGroup(entity) && depth < MOST_DEPTH && isNew(entity, seen)) visit(entity, path, depth + 1);
    }
  };
  visit(file, '', 0);
  return paths.sort();
};

const isNew = (group: Group, seen: Set<string>): boolean => {
  const address = Buffer.from(group.create_reference().ref_data).toString('hex');
  return !seen.has(address) && seen.add(address) !== undefined;
};

export const isDataset = (entity: unknown): entity is Dataset => typeof entity === 'object' && entity !== null && 'slice' in entity;

const isGroup = (entity: unknown): entity is Group => typeof entity === 'object' && entity !== null && 'keys' in entity && !isDataset(entity);
