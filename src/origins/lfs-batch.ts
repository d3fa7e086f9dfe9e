import { readJson, TrainlockError, utf8 } from '#base';
import { fetchBytes } from '#remote';
import type { FetchOriginOptions } from './fetch-result.ts';
import type { LfsPointer } from './lfs-pointer.ts';

/** Where an object can be fetched, and the headers that the server wants to see there. */
export type LfsAction = { readonly href: string; readonly header: Readonly<Record<string, string>> };

/** Most objects of one question. Source: git-lfs, docs/api/batch.md; servers permit at least this many. */
const BATCH = 100;

const TYPE = 'application/vnd.git-lfs+json';

/**
 * Asks the LFS server of an http(s) remote where objects are. Objects that it does not have are left out. The answer is hostile:
 * what it names is fetched like any address, and checked by the digest. Source: git-lfs, docs/api/batch.md, docs/api/server-discovery.md.
 */
export const lfsActions = async (remote: string, wanted: readonly LfsPointer[], options: FetchOriginOptions): Promise<ReadonlyMap<string, LfsAction>> => {
  const url = `${remote.replace(/(?<!\/)\/+$/, '').replace(/(?:\.git)?$/, '.git')}/info/lfs/objects/batch`;
  const actions = new Map<string, LfsAction>();
  for (let at = 0; at < wanted.length; at += BATCH) {
    const objects = wanted.slice(at, at + BATCH).map(({ oid, sizeBytes }) => ({ oid, size: sizeBytes }));
    const bytes = await fetchBytes(url, {
      method: 'POST',
      headers: { accept: TYPE, 'content-type': TYPE },
      body: utf8(JSON.stringify({ operation: 'download', transfers: ['basic'], objects, hash_algo: 'sha256' })),
      maxBytes: 4 * 1024 * 1024,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.retry === undefined ? {} : { retry: options.retry }),
    });
    for (const [oid, action] of actionsOf(bytes, url)) actions.set(oid, action);
  }
  return actions;
};

const actionsOf = (bytes: Uint8Array, url: string): readonly (readonly [string, LfsAction])[] => {
  const reading = readJson(bytes);
  const objects = reading.kind === 'accepted' ? (reading.value as { readonly objects?: unknown } | null)?.objects : undefined;
  if (!Array.isArray(objects))
    throw new TrainlockError('TL0801', 'the LFS server gave no answer that can be understood', { where: url, fix: 'look whether the remote has an LFS server' });
  return (objects as readonly unknown[]).flatMap((object) => {
    const { oid, actions } = (object ?? {}) as { readonly oid?: unknown; readonly actions?: { readonly download?: { readonly href?: unknown; readonly header?: unknown } } };
    const download = actions?.download;
    if (typeof oid !== 'string' || typeof download?.href !== 'string') return [];
    return [[oid, { href: new URL(download.href, url).href, header: headersOf(download.header) }] as const];
  });
};

/** Headers with plain names and values only: neither may begin another header. */
const headersOf = (header: unknown): Readonly<Record<string, string>> => {
  if (typeof header !== 'object' || header === null) return {};
  return Object.fromEntries(
    Object.entries(header as Readonly<Record<string, unknown>>).flatMap(([name, value]) =>
      /^[A-Za-z0-9-]{1,100}$/.test(name) &&
      !/^(?:host|content-length|transfer-encoding|connection|range|if-range)$/i.test(name) &&
      typeof value === 'string' &&
      /^[\x20-\x7e]{0,8192}$/.test(value)
        ? [[name, value] as const]
        : [],
    ),
  );
};
