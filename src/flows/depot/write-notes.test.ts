import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { type DeliveredRecord, readDelivery } from '#manifest';
import { modelNote, recordNote } from './depot-layout.ts';
import { noteModel, noteRecord } from './write-notes.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trainlock-notes-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

const digest = (number: number): string => number.toString(16).padStart(64, '0');
const record = (number: number, ...more: readonly string[]): DeliveredRecord => ({
  manifestSha256: digest(number),
  files: [{ name: 'statement.json', sha256: digest(number), sizeBytes: 1 }, ...more.map((name) => ({ name, sha256: digest(999), sizeBytes: 1 }))],
});
const noted = (name: string): readonly DeliveredRecord[] => {
  const reading = readDelivery(readFileSync(join(folder, name)));
  return reading.kind === 'accepted' ? reading.value : [];
};

it('loses none of many records that are noted for one model at once', async () => {
  const numbers = Array.from({ length: 40 }, (_, at) => at + 1);
  await Promise.all(
    numbers.map(async (number) => {
      await noteRecord(folder, record(number));
      await noteModel(folder, digest(7), digest(number));
    }),
  );
  expect(noted(modelNote(digest(7))).map(({ manifestSha256 }) => manifestSha256)).toEqual(numbers.map(digest));
  expect(await noteModel(folder, digest(7), digest(3))).toBe(false);
  expect(readdirSync(folder, { recursive: true }).filter((name) => String(name).includes('.tmp'))).toEqual([]);
});

it('keeps a proof that another machine brought for the same record', async () => {
  await noteRecord(folder, record(1, 'proofs/a.leaf', 'proofs/a.tlog-proof'));
  expect(await noteRecord(folder, record(1))).toBe(false);
  expect(await noteRecord(folder, record(1, 'signer.pub'))).toBe(true);
  expect(noted(recordNote(digest(1)))[0]!.files.map(({ name }) => name)).toEqual(['proofs/a.leaf', 'proofs/a.tlog-proof', 'signer.pub', 'statement.json']);
});

it('replaces no note that it cannot read', async () => {
  await noteRecord(folder, record(1));
  writeFileSync(join(folder, recordNote(digest(1))), '{}');
  await expect(noteRecord(folder, record(1))).rejects.toMatchObject({ code: 'TL0804' });
  await expect(noteModel(folder, digest(7), digest(1))).rejects.toMatchObject({ code: 'TL0804' });
});
