import { describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import { readDelivery, writeDelivery } from './delivery.ts';

const [A, B] = ['a'.repeat(64), 'b'.repeat(64)];
const statement = { name: 'statement.json', sha256: A, sizeBytes: 3 };
const record = { manifestSha256: A, files: [statement] };
const note = (changed: object = {}): object => ({ schemaVersion: '0.1', records: [record], ...changed });
const withFile = (file: object): object => note({ records: [{ ...record, files: [statement, { name: 'signer.pub', sha256: B, sizeBytes: 3, ...file }] }] });

describe('a delivery note', () => {
  it('says after writing what it said before', () => {
    const other = {
      manifestSha256: B,
      files: [
        { ...statement, sha256: B },
        { name: 'proofs/signed-1.leaf', sha256: A, sizeBytes: 0 },
      ],
    };
    expect(readDelivery(writeDelivery([other, record]))).toEqual({ kind: 'accepted', value: [record, other] });
    expect(writeDelivery([other, record])).toEqual(writeDelivery([record, other]));
  });

  it.each<[string, object]>([
    ['a later major version', note({ schemaVersion: '1.0' })],
    ['a member that is not known', note({ trust: 'me' })],
    ['no record', note({ records: [] })],
    ['a record that is named twice', note({ records: [record, record] })],
    ['a record without its statement', note({ records: [{ ...record, files: [{ ...statement, name: 'signer.pub' }] }] })],
    ['a statement with another digest than the record', note({ records: [{ ...record, files: [{ ...statement, sha256: B }] }] })],
    ['a file that is named twice', withFile({ name: 'statement.json', sha256: A })],
    ['a name that leads elsewhere', withFile({ name: '../../etc/passwd' })],
    ['a name that leads elsewhere below seals', withFile({ name: 'seals/../../x.sigstore.json' })],
    ['a name of another file', withFile({ name: 'policy.yaml' })],
    ['a name that is absolute', withFile({ name: '/proofs/a.leaf' })],
    ['a digest that is none', withFile({ sha256: '../x' })],
    ['a digest in capital letters', withFile({ sha256: 'B'.repeat(64) })],
    ['a size below zero', withFile({ sizeBytes: -1 })],
    ['a size that is no whole number', withFile({ sizeBytes: 0.5 })],
    ['too many records', note({ records: Array.from({ length: 65 }, (_, at) => ({ manifestSha256: at.toString(16).padStart(64, '0'), files: [] })) })],
  ])('is refused with %s', (_, document) => {
    expect(readDelivery(utf8(JSON.stringify(document))).kind).toBe('rejected');
  });

  it.each(['', '<html>', '[]', 'null', '{"schemaVersion":"0.1","schemaVersion":"0.1","records":[]}'])('is refused as %j', (text) => {
    expect(readDelivery(utf8(text)).kind).toBe('rejected');
  });
});
