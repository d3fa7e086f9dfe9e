import { join } from 'node:path';
import type { StartFacts } from '#assembly';
import { escapeControl, TrainlockError } from '#base';
import type { Settings } from '#config';
import { CURRENT_MAJOR, KNOWN_MAJORS } from '#migrate';
import { RUN_FILES, type RunRecord, shortId } from '#store';

/**
 * The major version in which the record of a begun run is written: the one that was decided when it began; for a run that was begun by a
 * release that decided nothing, the one that is set now. What stands in the run folder is hostile. Throws TL0202 for a later version, TL0304 for none.
 */
export const schemaMajorOf = ({ schemaMajor }: Pick<StartFacts, 'schemaMajor'>, { schema }: Pick<Settings, 'schema'>, { id, folder }: Pick<RunRecord, 'id' | 'folder'>): number => {
  const stated: unknown = schemaMajor ?? Number(schema.value.slice(1));
  const known = KNOWN_MAJORS.find((major) => major === stated);
  if (known !== undefined) return known;
  const where = join(folder.path, RUN_FILES.started);
  if (typeof stated === 'number' && Number.isSafeInteger(stated) && stated > CURRENT_MAJOR)
    throw new TrainlockError('TL0202', `the run ${shortId(id)} was begun by a newer trainlock: its record is to be written in schema version ${stated}`, {
      where,
      fix: `trainlock finish ${shortId(id)}   # with a newer trainlock; the events are kept`,
    });
  throw new TrainlockError('TL0304', `the start of the run ${shortId(id)} names no version of the schema`, {
    where,
    notes: [`schemaMajor is ${escapeControl(JSON.stringify(stated).slice(0, 40))}`],
    fix: `restore ${RUN_FILES.started} from a copy`,
  });
};
