import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type JsonValue, readJson, toHex, valueAt } from '#base';
import { nodeCrypto } from '#files';
import { nodeVerifySignature, nodeVerifyWith } from '#keys';
import { readHistory } from '#history';
import { checkManifest, predicateTypeOf, readStatement } from '#manifest';
import { migrateManifest } from '#migrate';
import { readPublicKeyPem } from '#seal';
import { readAnyStatement, slsaProvenance, testResult, trainingRunStatement } from '#statements';
import { judgeRecord } from '#verify';

/** Records as released versions wrote them; each later version reads them for ever. */
const RECORDS = 'conformance/records';

/** What the version that wrote a record derived from it. Null: nothing. */
const DERIVED: Readonly<Record<string, readonly [provenance: string, result: string | null]>> = {
  'v0.1/20261126T211330Z-ebd7255c': ['6bb9dd99f76ecd9d0b8da0b9093021e0c412a24d2c441179702bb82d7a31438a', '91ddb6e1e60d3f781ba985099369a2af2df39faec63f82264c9f0f9dc92b05de'],
  'v0.1/20261126T211334Z-dd3470be': ['0da7d0a6e9fef94c120c73f8c606d0ac4b7162174c5869656d67b9113c6b327b', '7b119540eee28adc2272b201094978829f2aa48ab39eb37e61345a9e342111f9'],
  'v0.1/20261126T211336Z-289884b7': ['a8e448f80feabd94ac881c1a2ecab43f5acdc95c84f86bd2a83986ecc35d358c', '91ddb6e1e60d3f781ba985099369a2af2df39faec63f82264c9f0f9dc92b05de'],
  'v1.0/20261126T222025Z-7a91c06e': ['6193bf93bdabd72bda1dc8461320b2d7e4867e116635f4a0b7aae8223ee122ee', 'cd9308dc91798c5b5201da4556f970c65ecef45fe572192a94274d401b35a894'],
  'v1.0/20261126T222029Z-f5128d9c': ['e335ad61be77a1a28e9bfafce369168937c6de0d7810311713ca5ad198fe9993', 'f8f578e58316b4b58617f6f4f3ce1758a92698fc3e44f3baa89a63aed8126a83'],
  'v1.0/20261126T222034Z-2cac9cb7': ['a8178c825bccab7790a216bed89cf3f35d083601fb649c7a6827f2f49bc565dc', 'cd9308dc91798c5b5201da4556f970c65ecef45fe572192a94274d401b35a894'],
};

/** Contracts that are out in the world are what they were. */
const SCHEMAS: Readonly<Record<string, string>> = {
  'schema/manifest/v0.schema.json': '339245ef4d4fdec1129233a9c2f1d7e1234fdf615bfabcc79abf8cee1974b699',
  'schema/manifest/v1.schema.json': 'd81f87b9a7143730f19a124f08c5c54bfdd96f5b3fc204eb41705aef4436b188',
};

const VERSIONS = readdirSync(RECORDS, { withFileTypes: true })
  .filter((one) => one.isDirectory())
  .map(({ name }) => name);

const records = VERSIONS.flatMap((version) =>
  readdirSync(`${RECORDS}/${version}/kept`)
    .filter((name) => name.endsWith('.statement.json'))
    .map((name) => ({ version, name: name.slice(0, -'.statement.json'.length) })),
);

const fileOf = ({ version, name }: (typeof records)[number], what: string): Uint8Array => readFileSync(`${RECORDS}/${version}/kept/${name}.${what}`);

const valueOf = (bytes: Uint8Array): JsonValue => {
  const json = readJson(bytes);
  if (json.kind === 'rejected') throw new Error('not JSON');
  return json.value;
};

describe.each(records)('the record $name of $version', (record) => {
  const statement = fileOf(record, 'statement.json');
  const major = Number(record.version.slice(1).split('.')[0]);

  it('is read, and shown as the version of now says it', () => {
    const reading = readStatement(statement);
    expect(reading).toMatchObject({ kind: 'accepted', value: { major, unknown: [], manifest: { schemaVersion: '1.0' } } });
    expect(valueAt(valueOf(statement), '/predicateType')).toBe(predicateTypeOf(major));
  });

  it('is still what was signed, by the key that lies beside it', () => {
    const key = readPublicKeyPem(Buffer.from(fileOf(record, 'signer.pub')).toString('latin1'), nodeCrypto);
    if (key.kind !== 'accepted') throw new Error('no key');
    const verdict = judgeRecord(
      { data: false, model: false, environment: false, signature: true, time: false, log: false },
      {
        document: statement,
        stated: [],
        files: new Map(),
        seal: {
          bundles: [{ name: 'statement.sigstore.json', bytes: fileOf(record, 'statement.sigstore.json'), isFurther: false }],
          named: [key.value],
          local: [],
          trust: { kind: 'none', because: 'a key is named' },
          authorities: [],
        },
      },
      { crypto: nodeCrypto, verifySignature: nodeVerifySignature, verifyWith: nodeVerifyWith },
    );
    const outcomes = new Map(verdict.checks.map(({ name, outcome, because }) => [name, `${outcome}: ${because}`]));
    for (const name of ['payload', 'schema', 'signature', 'trust'] as const) expect(outcomes.get(name)).toMatch(/^held: /);
  });

  it('gives the same view every time, and a view of a view is that view', () => {
    const predicate = valueAt(valueOf(statement), '/predicate') as JsonValue;
    const once = migrateManifest(predicate, major, 1).value;
    expect(migrateManifest(once, 1, 1).value).toEqual(once);
    expect(checkManifest(once)).toMatchObject({ kind: 'accepted', unknown: [] });
    expect(toHex(nodeCrypto.sha256(canonicalJson(migrateManifest(once, 1, major).value)))).toBe(toHex(nodeCrypto.sha256(canonicalJson(predicate as object))));
  });

  it('gives the statements that were derived from it when it was written', () => {
    const run = trainingRunStatement(statement, nodeCrypto);
    if (run.kind !== 'accepted') throw new Error(run.because);
    expect(run.value.predicateType).toBe(predicateTypeOf(major));
    expect([slsaProvenance(run.value, nodeCrypto).sha256, testResult(run.value, nodeCrypto)?.sha256 ?? null]).toEqual(DERIVED[`${record.version}/${record.name}`]);
  });
});

describe('what was said of records', () => {
  it.each(
    VERSIONS.flatMap((version) =>
      readdirSync(`${RECORDS}/${version}/history`)
        .filter((name) => name.endsWith('.statement.json'))
        .map((name) => `${version}/history/${name}`),
    ),
  )('%s is read', (name) => {
    const bytes = readFileSync(`${RECORDS}/${name}`);
    expect(readAnyStatement(bytes)).toMatchObject({ kind: 'accepted', value: { kind: 'amendment' } });
    expect(readHistory('amendment', bytes, nodeCrypto)).toMatchObject({ kind: 'accepted', value: { amendment: { pointer: '/model/owner', after: 'the points team' } } });
  });
});

describe('contracts', () => {
  it.each(Object.entries(SCHEMAS))('%s is what was released', (path, sha256) => {
    expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(sha256);
  });
});
