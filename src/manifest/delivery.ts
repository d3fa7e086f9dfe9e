import { accepted, keysAt, nearest, type Problem, problemsOf, readJson, type Reading, rejected, utf8 } from '#base';
import { DELIVERY_KEYS } from './generated/delivery-keys.ts';
import type { Delivery } from './generated/delivery-types.ts';
import { schemaErrors } from './generated/delivery-validator.ts';

/** Larger notes are not read. Unit: byte. */
export const MAX_DELIVERY = 1024 * 1024;

const LIMITS = { maxBytes: MAX_DELIVERY, maxDepth: 8, maxKeys: 20_000 };

const SCHEMA_VERSION = '0.1';

export type DeliveredRecord = Delivery['records'][number];

/**
 * Reads a delivery note from untrusted bytes. Closed; a record, or a file of one, that is named twice is an error, and so is a statement with
 * another digest than that of its record. Never throws.
 */
export const readDelivery = (bytes: Uint8Array): Reading<readonly DeliveredRecord[]> => {
  const json = readJson(bytes, LIMITS);
  if (json.kind === 'rejected') return json;
  const errors = schemaErrors(json.value);
  if (errors.length > 0) return rejected(...problemsOf(errors, json.value, nearest, (pointer) => keysAt(pointer, DELIVERY_KEYS)));
  const { records } = json.value as unknown as Delivery;
  const problems = records.flatMap((record, at) => problemsOfRecord(record, `/records/${at}`));
  if (new Set(records.map(({ manifestSha256 }) => manifestSha256)).size < records.length) problems.push({ pointer: '/records', message: 'one of them is named twice' });
  return problems.length > 0 ? rejected(...problems) : accepted(records);
};

const problemsOfRecord = ({ manifestSha256, files }: DeliveredRecord, pointer: string): Problem[] => {
  const names = new Set(files.map(({ name }) => name));
  const statement = files.find(({ name }) => name === 'statement.json');
  return [
    ...(names.size < files.length ? [{ pointer: `${pointer}/files`, message: 'one of them is named twice' }] : []),
    ...(statement?.sha256 === manifestSha256 ? [] : [{ pointer: `${pointer}/files`, message: 'the statement is not the one that names the record' }]),
  ];
};

/** Bytes of a delivery note, for people too. The same records give the same bytes. */
export const writeDelivery = (records: readonly DeliveredRecord[]): Uint8Array => {
  const document: Delivery = { schemaVersion: SCHEMA_VERSION, records: records.toSorted((a, b) => (a.manifestSha256 < b.manifestSha256 ? -1 : 1)) };
  return utf8(`${JSON.stringify(document, null, 2)}\n`);
};
