/** Brings data from an address and takes a snapshot of it that says where it came from. */
import { lstatSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { escapeControl, TrainlockError, withoutCredentials } from '#base';
import { notWritable } from '#files';
import { describeS3, fetchOrigin, queryDatabase } from '#origins';
import { fetchToFile } from '#remote';
import type { Origin } from '#snapshot';
import { type SnapshotRequest, takeSnapshot, type TakenSnapshot } from './take-snapshot.ts';

export type FetchDataRequest = Omit<SnapshotRequest, 'path' | 'origin' | 'full'> & {
  /** http(s), s3, postgresql or sqlite address. */
  readonly address: string;
  /** Statement, for a database. */
  readonly query?: string;
  /** Absolute folder; made if it is not there. */
  readonly into: string;
  readonly format?: 'jsonl' | 'csv';
};

type Brought = { readonly path: string; readonly origin: Origin };

/** The snapshot of what was brought. Throws TL0801 to TL0807 if it cannot be brought, TL0003 if it cannot be written. */
export const fetchData = async (request: FetchDataRequest): Promise<TakenSnapshot> => {
  await mkdir(request.into, { recursive: true }).catch((error: unknown) => {
    throw notWritable(request.into, error);
  });
  const { path, origin } = await bring(request);
  const { address: _, into: __, query: ___, format: ____, ...rest } = request;
  return takeSnapshot({ ...rest, path, full: true, origin: { ...origin, retrievedAt: request.now } });
};

const bring = async (request: FetchDataRequest): Promise<Brought> => {
  const { address, query } = request;
  if (/^https?:/i.test(address)) return bringHttp(request);
  if (/^s3:/i.test(address)) return bringS3(request);
  if (/^(postgres(ql)?|sqlite):/i.test(address)) {
    if (query === undefined) throw new TrainlockError('TL0001', 'a database is asked by a statement', { fix: 'add --query "SELECT …"' });
    return bringRows(request, query);
  }
  throw new TrainlockError('TL0805', `${escapeControl(withoutCredentials(address))} is no address that data is fetched from`, {
    fix: 'use http(s)://, s3://bucket/prefix, postgresql://host/database or sqlite:/file',
  });
};

const bringHttp = async ({ address, into, signal }: FetchDataRequest): Promise<Brought> => {
  const path = freePlace(join(into, nameIn(address)));
  const { etag } = await fetchToFile(address, path, signal === undefined ? {} : { signal });
  return { path, origin: { kind: 'http', uri: withoutCredentials(address), ...(etag === undefined ? {} : { revision: etag }) } };
};

/** Nothing that is there is ever replaced. Throws TL0003. */
const freePlace = (path: string): string => {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return path;
  throw new TrainlockError('TL0003', `${escapeControl(basename(path))} is there already`, { where: path, fix: 'fetch into another folder, or move the file away' });
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const nameIn = (address: string): string => {
  const last = URL.canParse(address) ? basename(decoded(new URL(address).pathname)) : '';
  return last === '' || last.startsWith('.') || last.includes('\0') ? 'data' : last;
};

const bringS3 = async ({ address, into, signal }: FetchDataRequest): Promise<Brought> => {
  const { origin } = await describeS3(address);
  const fetched = await fetchOrigin(origin, into, signal === undefined ? {} : { signal });
  if (fetched.kind === 'fetched') return { path: fetched.path, origin };
  throw new TrainlockError(fetched.because === 'denied' ? 'TL0802' : fetched.because === 'gone' ? 'TL0803' : 'TL0801', fetched.reason, {
    where: address,
    ...(fetched.fix === undefined ? {} : { fix: fetched.fix }),
  });
};

const bringRows = async ({ address, into, format = 'jsonl', signal }: FetchDataRequest, query: string): Promise<Brought> => {
  const path = freePlace(join(into, `result.${format}`));
  const { origin } = await queryDatabase({ uri: address, query, path, format, ...(signal === undefined ? {} : { signal }) });
  return { path, origin };
};
