import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeControl, TrainlockError } from '#base';
import { type DeliveredRecord, type Manifest, readStatement } from '#manifest';
import { type GuestStore, MAX_STATEMENT } from '#store';
import { MOST_CANARY_BYTES } from '../canary/run-canary.ts';
import { objectName, recordNote } from './depot-layout.ts';
import type { Depot } from './open-depot.ts';

export type Bringing = { readonly depot: Depot; readonly guests: GuestStore; /** A folder of ours. */ readonly scratch: string };

/** Lays a record of a depot among the guests; undefined where the depot does not have it. Throws TL0801 to TL0804, TL0202 for one of a later schema, TL0003. */
export const bringRecord = async (bringing: Bringing, manifestSha256: string): Promise<Manifest | undefined> => {
  const note = await bringing.depot.note(recordNote(manifestSha256));
  const delivered = note?.find((one) => one.manifestSha256 === manifestSha256);
  return delivered === undefined ? undefined : bringDelivered(bringing, delivered);
};

/** The same of a record whose files are known. */
export const bringDelivered = async ({ depot, guests, scratch }: Bringing, { manifestSha256, files }: DeliveredRecord): Promise<Manifest> => {
  for (const { name, sizeBytes } of files) if (sizeBytes > (name === STATEMENT ? 1 : 2) * MAX_STATEMENT) throw wrong(depot, `${name} of ${manifestSha256} is larger than any is`);
  const statement = files.find(({ name }) => name === STATEMENT)!;
  const draft = join(scratch, `${manifestSha256}.json`);
  await bringAll(depot, draft, statement);
  const reading = readStatement(await readFile(draft));
  if (reading.kind === 'newer')
    throw new TrainlockError('TL0202', `the record ${manifestSha256} has schema version ${reading.schemaVersion}`, {
      where: escapeControl(depot.address),
      fix: 'use a newer trainlock',
    });
  if (reading.kind !== 'accepted') throw wrong(depot, `the statement ${manifestSha256} is no record that can be read`);
  const { manifest } = reading.value;
  const beginning = await guests.placeForRecord(manifest.run);
  if ((await lstat(`${beginning}${STATEMENT}`).catch(() => undefined)) !== undefined)
    throw wrong(depot, `${manifestSha256} says that it is of a run that has another record already`);
  // What makes it a record comes last.
  for (const file of [...files.filter(({ name }) => name !== STATEMENT), statement]) await bringAll(depot, `${beginning}${file.name}`, file);
  return manifest;
};

const STATEMENT = 'statement.json';

const bringAll = async (depot: Depot, path: string, { name, sha256, sizeBytes }: DeliveredRecord['files'][number]): Promise<void> => {
  if (await depot.bring(objectName(sha256), path, { sha256, sizeBytes })) return;
  throw new TrainlockError('TL0803', `${escapeControl(depot.address)} names ${name} of a record and does not have it`, {
    where: objectName(sha256),
    fix: 'bring the depot up to date: trainlock keep RUN --to FOLDER',
  });
};

const wrong = (depot: Depot, because: string): TrainlockError =>
  new TrainlockError('TL0804', because, { where: escapeControl(depot.address), fix: 'bring the depot up to date: trainlock keep RUN --to FOLDER' });

/** Lays what the canary was asked and answered among the guests, as far as it is not here and the depot has it. */
export const bringCanary = async ({ depot, guests: { store } }: Bringing, { evaluation: { canary } }: Pick<Manifest, 'evaluation'>): Promise<void> => {
  for (const file of [canary?.inputs, canary?.outputs]) {
    if (file?.sha256 === undefined || file.sizeBytes === undefined || file.sizeBytes > MOST_CANARY_BYTES || (await store.hasObject(file.sha256))) continue;
    await depot.bring(objectName(file.sha256), await store.placeForObject(file.sha256), { sha256: file.sha256, sizeBytes: file.sizeBytes });
  }
};
