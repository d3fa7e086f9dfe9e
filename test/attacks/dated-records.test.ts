import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '#base';
import { nodeCrypto } from '#files';
import { nodeVerifySignature, nodeVerifyWith } from '#keys';
import { PREDICATE_TYPE, STATEMENT_TYPE } from '#manifest';
import { preAuthEncoding, timestampRequest, writeBundle } from '#seal';
import { judgeRecord } from '#verify';
import { digestOf, trainingManifest } from '../fixtures/training-manifest.ts';
import { answerRequest, certificateFolder, makeCertificate, type TestCertificate } from '../harness/time-authority.ts';
import { signWith, testKey } from './signing-keys.ts';

const { folder, remove } = certificateFolder();
afterAll(remove);
const key = testKey();
let root: TestCertificate;
let signer: TestCertificate;

beforeAll(() => {
  root = makeCertificate(folder, 'root', undefined);
  signer = makeCertificate(folder, 'time authority', root);
});

/** What verify says of the time of a record that ended then and was dated now by `openssl ts`. */
const timeOf = async (finishedAt: string, startedAt: string, datedKey = key): Promise<string> => {
  const manifest = trainingManifest();
  const predicate = { ...manifest, run: { ...manifest.run, startedAt, finishedAt } };
  const subject = [{ name: '${project}/model.joblib', digest: { sha256: digestOf('model') } }];
  const document = canonicalJson({ _type: STATEMENT_TYPE, subject, predicateType: PREDICATE_TYPE, predicate });
  const signature = signWith(datedKey, preAuthEncoding('application/vnd.in-toto+json', document));
  const token = await answerRequest(signer, timestampRequest(signature, 7n, nodeCrypto));
  const dated = writeBundle({ payload: document, signature, signer: { kind: 'key', hint: datedKey.hint }, timestamps: [token] });
  const own = signWith(key, preAuthEncoding('application/vnd.in-toto+json', document));
  const undated = writeBundle({ payload: document, signature: own, signer: { kind: 'key', hint: key.hint }, timestamps: [] });
  const verdict = judgeRecord(
    { model: false, data: false, environment: false, signature: true, time: true, log: false },
    {
      document,
      stated: [],
      files: new Map(),
      seal: {
        bundles: [
          ...(datedKey === key ? [] : [{ name: 'statement.sigstore.json', bytes: undated, isFurther: false }]),
          { name: 'dated.sigstore.json', bytes: dated, isFurther: datedKey !== key },
        ],
        named: [key.publicKey],
        beside: datedKey.publicKey,
        local: [],
        trust: { kind: 'none', because: '' },
        authorities: [{ name: 'openssl', certificates: [signer.certificate, root.certificate] }],
      },
    },
    { crypto: nodeCrypto, verifySignature: nodeVerifySignature, verifyWith: nodeVerifyWith },
  );
  return verdict.checks
    .filter(({ name }) => name === 'time')
    .map(({ outcome, because }) => `${outcome}: ${because}`)
    .join('\n');
};

describe('a record that an authority has dated', () => {
  const hours = (count: number): string => new Date(Date.now() + count * 3_600_000).toISOString();

  it('has no time by the signature of somebody else', async () => {
    expect(await timeOf(hours(-1), hours(-2), testKey())).toMatch(/^unknown: /);
  });

  it('has a time', async () => {
    expect(await timeOf(hours(-1), hours(-2))).toMatch(/^held: openssl dates the signature 20/);
  });

  it('D08 and says that it ended hours later is refused', async () => {
    expect(await timeOf(hours(3), hours(-2))).toMatch(
      /^broken: the record says that the run ended .*, but openssl saw its signature .* already: a clock is wrong, or the times are made up$/,
    );
  });

  it('D08 and says that it ended minutes later is let pass: clocks differ', async () => {
    expect(await timeOf(hours(1 / 60), hours(-2))).toMatch(/^held: /);
  });
});
