import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeControl, TrainlockError } from '#base';
import { type LogDescription, readDescription } from './log-description.ts';
import { folderReader, type LogReader, readLogKey } from './log-reader.ts';
import type { LogPlaces } from './log-places.ts';
import { damaged, setBack } from './log-trouble.ts';
import { readHeads, type RememberedHead } from './remembered-heads.ts';
import type { VerifierKey } from '#tlog';

/** The log that this machine writes to now. */
export type CurrentLog = {
  readonly kind: 'log';
  /** Absolute. */
  readonly folder: string;
  readonly number: number;
  readonly description: LogDescription;
  readonly key: VerifierKey;
  readonly reader: LogReader;
  /** What was seen of it last; undefined if nothing was. */
  readonly remembered?: RememberedHead;
};

export type FoundLog = CurrentLog | { readonly kind: 'none' };

/** The folder of a log: a new one begins when the one before is continued. */
export const logFolder = ({ logs, machine }: LogPlaces, number: number): string => join(logs, number === 1 ? machine : `${machine}-${number}`);

/** Number of the newest log of this machine; 0 if there is none. */
export const newestNumber = async ({ logs, machine }: LogPlaces): Promise<number> => {
  const names = await readdir(logs).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw new TrainlockError('TL1401', `the log of this machine is not available: ${error.code}`, {
      where: logs,
      fix: 'name a folder for state that can be read: export XDG_STATE_HOME=FOLDER',
      cause: error,
    });
  });
  const numbers = names.map((name) =>
    name === machine ? 1 : name.startsWith(`${machine}-`) && /^[2-9]$|^[1-9][0-9]{1,5}$/.test(name.slice(machine.length + 1)) ? Number(name.slice(machine.length + 1)) : 0,
  );
  return Math.max(0, ...numbers);
};

/**
 * The newest log of this machine. Throws TL1401 if the folder was copied from another machine, TL1402 if its description or key is
 * missing, TL1403 if a newer log was seen before.
 */
export const findLog = async (places: LogPlaces): Promise<FoundLog> => {
  const heads = await readHeads(places.heads);
  const number = await newestNumber(places);
  if (number === 0) {
    const last = heads.at(-1);
    if (last === undefined) return { kind: 'none' };
    throw setBack(places.logs, `the log of this machine is gone: ${escapeControl(last.key.name)} was seen before`, 'bring its folder back from a copy, or go on without it');
  }
  const folder = logFolder(places, number);
  const reader = folderReader(folder);
  const description = await readDescription(folder);
  if (description === undefined) throw damaged(folder, 'log.json of the log is missing');
  if (description.machine !== places.machine) {
    throw new TrainlockError('TL1401', 'the log belongs to another machine: its folder was copied', {
      where: folder,
      notes: ['two machines that continue one log give it two histories'],
      fix: `move the folder away: this machine then begins a log of its own: mv ${folder} ${folder}.copied`,
    });
  }
  const newest = heads.findLast(({ key }) => numberOf(key.name) > numberOf(description.origin) || firstOf(key.name) !== firstOf(description.origin));
  if (newest !== undefined) throw setBack(folder, `${escapeControl(newest.key.name)} was seen as the log of this machine, and its folder is gone`);
  const key = await readLogKey(reader);
  if (key.name !== description.origin) throw damaged(folder, `the key of the log is that of ${escapeControl(key.name)}, but its origin is ${description.origin}`);
  const remembered = heads.find((head) => head.key.name === key.name);
  return { kind: 'log', folder, number, description, key, reader, ...(remembered === undefined ? {} : { remembered }) };
};

/** Origin of the log that a row of continued logs began with. */
export const firstOf = (origin: string): string => origin.replace(/\/([2-9]|[1-9][0-9]{1,5})$/, '');

/** How often a log was continued, from its origin: 1 for the first. */
export const numberOf = (origin: string): number => Number(/\/([2-9]|[1-9][0-9]{1,5})$/.exec(origin)?.[1] ?? 1);
