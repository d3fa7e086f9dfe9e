import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Bringing, bringDelivered } from './bring-record.ts';

const RECORD = 'conformance/records/v1.0/kept/20261126T222025Z-7a91c06e.statement.json';

it.each<[string, (text: string) => string, string]>([
  ['of a later schema is undecided', (text) => text.replace('training-run/v1', 'training-run/v2'), 'TL0202'],
  ['with a critical field that is not known is undecided', (text) => text.replace('"critical":[]', '"critical":["/future"]'), 'TL0202'],
  ['that is none is another content than was promised', () => '{}', 'TL0804'],
])('a record from a depot %s', async (_, change, code) => {
  const scratch = mkdtempSync(join(tmpdir(), 'trainlock-bring-'));
  try {
    const bytes = change(readFileSync(RECORD, 'utf8'));
    const depot = { address: 'depot', bring: async (_name: string, path: string) => (writeFileSync(path, bytes), true) };
    const bringing = { depot, scratch, guests: {} } as unknown as Bringing;
    const files = [{ name: 'statement.json', sha256: '0'.repeat(64), sizeBytes: bytes.length }];
    await expect(bringDelivered(bringing, { manifestSha256: '0'.repeat(64), files })).rejects.toMatchObject({ code });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});
