import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nodeCrypto } from '#files';
import { nodeVerifySignature, nodeVerifyWith } from '#keys';
import { predicateTypeOf } from '#manifest';
import { CURRENT_MAJOR, KNOWN_MAJORS } from '#migrate';
import { judgeSigner } from '#trust';
import { type Check, judgeRecord } from '#verify';
import { bundleOver, testKey } from '../attacks/signing-keys.ts';

const key = testKey();

/** A real record of a major version. */
const recordOf = (major: number): Uint8Array => {
  const folder = readdirSync('conformance/records').find((name) => name.startsWith(`v${major}.`))!;
  const kept = `conformance/records/${folder}/kept`;
  return readFileSync(`${kept}/${readdirSync(kept).find((name) => name.endsWith('.statement.json'))!}`);
};

/** What verify says of the key of this user, whose right names one version. */
const trustOf = (written: number, listed: number): Check | undefined => {
  const document = recordOf(written);
  const { publicKey } = key;
  const keys = [{ keyId: publicKey.keyId, name: 'default', statementTypes: [predicateTypeOf(listed)] }];
  const verdict = judgeRecord(
    { model: false, data: false, environment: false, signature: true, time: false, log: false },
    {
      document,
      stated: [],
      files: new Map(),
      seal: {
        bundles: [{ name: 'statement.sigstore.json', bytes: bundleOver(document, key), isFurther: false }],
        named: [],
        local: keys.map((one) => ({ ...one, key: publicKey })),
        trust: { kind: 'local', keys },
        authorities: [],
      },
    },
    { crypto: nodeCrypto, verifySignature: nodeVerifySignature, verifyWith: nodeVerifyWith },
  );
  return verdict.checks.find(({ name }) => name === 'trust');
};

const PAIRS = KNOWN_MAJORS.flatMap((written) => KNOWN_MAJORS.map((listed) => [written, listed] as const));

describe('the right to sign records', () => {
  // The room of trust knows no schema and has a list of its own; it must be that of every version that is read.
  it.each(PAIRS)('of version %d is given by that of version %d, and what was asked is the version of the record', (written, listed) => {
    const check = trustOf(written, listed);
    expect(check).toMatchObject({ outcome: 'held' });
    expect(check?.inputs).toContainEqual(['statement type', predicateTypeOf(written)]);
  });

  it('is not given for a version that nobody reads yet', () => {
    const keys = [{ keyId: key.publicKey.keyId, name: 'default', statementTypes: KNOWN_MAJORS.map(predicateTypeOf) }];
    const by = { kind: 'key', keyId: key.publicKey.keyId } as const;
    expect(judgeSigner({ trust: { kind: 'local', keys }, by, statementType: predicateTypeOf(CURRENT_MAJOR + 1), time: { kind: 'none' } })).toMatchObject({ kind: 'refused' });
  });
});
