import { readFile, realpath, rm } from 'node:fs/promises';
import { isAbsolute, join, resolve, sep } from 'node:path';
import { isIPv4 } from 'node:net';
import { escapeControl, formatBytes, TrainlockError, withoutCredentials } from '#base';
import { type DeliveredRecord, MAX_DELIVERY, readDelivery } from '#manifest';
import { type FetchOptions, fetchToFile, openDataPlace, parseRemoteAddress } from '#remote';

/** What bytes must be. */
type Facts = { readonly sha256: string; readonly sizeBytes: number };

/** A place that has records by digest. Every member throws TL0801 to TL0804. */
export type Depot = {
  /** Without credentials. */
  readonly address: string;
  /** Whether somebody between it and this machine could answer in its place. */
  readonly isOpen: boolean;
  /** Records that a note names; undefined where the place has none of that name. */
  readonly note: (name: string) => Promise<readonly DeliveredRecord[] | undefined>;
  /** Brings bytes to a path: exactly these, or nothing. False where the place does not have them. */
  readonly bring: (name: string, path: string, facts: Facts) => Promise<boolean>;
};

export type DepotOptions = Pick<FetchOptions, 'retry' | 'idleTimeoutMs'> & {
  readonly workingDirectory: string;
  /** A folder of ours for what is being read. */
  readonly scratch: string;
  /** All together may take so long. Default: 5 min. */
  readonly timeLimitMs?: number;
  /** All together may be so large. Default: 512 MiB. Unit: byte. */
  readonly mostBytes?: number;
};

const TIME_LIMIT_MS = 5 * 60 * 1000;
const MOST_BYTES = 512 * 1024 * 1024;

type Limits = Required<Pick<FetchOptions, 'signal'>> & Pick<FetchOptions, 'maxBytes' | 'expect' | 'retry' | 'idleTimeoutMs'>;
type Fetch = (name: string, path: string, limits: Limits) => Promise<unknown>;

/** Opens a folder or an http(s) address. Throws TL0805 for other addresses, TL0803 for a folder that is not there. */
export const openDepot = async (place: string, options: DepotOptions): Promise<Depot> => {
  const isWeb = /^https?:/i.test(place);
  const { address, fetch } = isWeb ? webPlace(place) : await folderPlace(place, options.workingDirectory);
  const { scratch, timeLimitMs = TIME_LIMIT_MS, mostBytes = MOST_BYTES, retry, idleTimeoutMs } = options;
  const signal = AbortSignal.timeout(timeLimitMs);
  const shared = { signal, ...(retry === undefined ? {} : { retry }), ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }) };
  let leftBytes = mostBytes;
  let notes = 0;
  const fetched = async (name: string, path: string, limits: Pick<Limits, 'maxBytes' | 'expect'>): Promise<boolean> => {
    const sizeBytes = limits.expect?.sizeBytes ?? 0;
    if (sizeBytes > leftBytes) throw stopped(address, `it would be more than ${formatBytes(mostBytes)} altogether`);
    leftBytes -= sizeBytes;
    try {
      await fetch(name, path, { ...shared, ...limits });
      return true;
    } catch (error) {
      if (signal.aborted) throw stopped(address, `it took longer than ${timeLimitMs / 1000} s`);
      if (error instanceof TrainlockError && error.code === 'TL0803') return false;
      throw error;
    }
  };
  return {
    address,
    isOpen: isWeb && isOpenAddress(place),
    note: async (name) => {
      const path = join(scratch, `note-${(notes += 1)}.json`);
      if (!(await fetched(name, path, { maxBytes: MAX_DELIVERY }))) return undefined;
      const bytes = await readFile(path);
      await rm(path, { force: true });
      leftBytes -= bytes.length;
      const reading = readDelivery(bytes);
      if (reading.kind === 'accepted') return reading.value;
      const [problem] = reading.problems;
      throw new TrainlockError('TL0804', `${escapeControl(name)} is no delivery note: ${escapeControl(problem?.message ?? '')}`, {
        where: `${escapeControl(address)}/${name}`,
        fix: 'look whether the address is that of a depot: trainlock keep RUN --to FOLDER writes one',
      });
    },
    bring: (name, path, expect) => fetched(name, path, { expect }),
  };
};

const stopped = (address: string, because: string): TrainlockError =>
  new TrainlockError('TL0801', `${escapeControl(address)} was given up: ${because}`, { where: escapeControl(address), fix: 'look at the address, or copy the depot to a folder' });

/** Without TLS nobody knows who answers; within this machine there is nobody between. */
const isOpenAddress = (place: string): boolean => {
  const { protocol, hostname } = new URL(place);
  return protocol === 'http:' && hostname !== 'localhost' && hostname !== '[::1]' && !(isIPv4(hostname) && hostname.startsWith('127.'));
};

const webPlace = (place: string): { readonly address: string; readonly fetch: Fetch } => {
  const address = withoutCredentials(place).replace(/\/+$/, '');
  const url = URL.canParse(place) ? new URL(place) : undefined;
  if (url === undefined || url.search !== '' || url.hash !== '')
    throw new TrainlockError(
      'TL0805',
      `${escapeControl(address).replace(/[?#].*$/s, '')} is no address of a depot: ${url === undefined ? 'it is no URL' : 'it has a query or a fragment'}`,
      {
        fix: 'name the address of its folder: https://host/path',
      },
    );
  const base = url.href.replace(/\/+$/, '');
  const publicNames = new Set<string>();
  return { address, fetch: (name, path, limits) => fetchToFile(`${base}/${name}`, path, { ...limits, publicNames }) };
};

const folderPlace = async (place: string, workingDirectory: string): Promise<{ readonly address: string; readonly fetch: Fetch }> => {
  const isPath = isAbsolute(place) || !/^[A-Za-z][A-Za-z0-9+.-]*:/.test(place);
  const parsed = parseRemoteAddress(isPath ? resolve(workingDirectory, place) : place);
  if (parsed.kind !== 'folder')
    throw new TrainlockError('TL0805', 'a depot is a folder or an http(s) address', {
      where: escapeControl(withoutCredentials(place)),
      fix: 'name a folder, or https://host/path',
    });
  const root = await realpath(parsed.path).catch(() => undefined);
  if (root === undefined) throw new TrainlockError('TL0803', `the folder ${escapeControl(parsed.path)} is not there`, { where: parsed.path, fix: 'look whether it is mounted' });
  const folder = await openDataPlace(root);
  return {
    address: root,
    fetch: async (name, path, limits) => {
      // Links within the folder are how volumes are changed at once; one that leads out leads to files of others.
      const real = await realpath(join(root, name)).catch(() => undefined);
      if (real !== undefined && !real.startsWith(`${root === sep ? '' : root}${sep}`))
        throw new TrainlockError('TL0802', `${escapeControl(name)} is a link that leads out of the folder, which is not followed`, {
          where: join(root, name),
          fix: 'copy the file into the folder',
        });
      await folder.fetch(name, path, limits);
    },
  };
};
