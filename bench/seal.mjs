// Writing (validate, canonicalise, sign) and reading (strict read, validate, verify) a record against JSON.parse of the same bytes,
// and the log of this machine. Usage: node bench/seal.mjs [rounds] [record|log …]; needs npm run build.
import { generateKeyPairSync, sign } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { canonicalJson } from '#base';
import { nodeCrypto } from '#files';
import { nodeVerifySignature } from '#keys';
import { checkManifest, PREDICATE_TYPE, readStatement, STATEMENT_TYPE } from '#manifest';
import { checkSignature, IN_TOTO_PAYLOAD, preAuthEncoding, readBundle, readPublicKey, writeBundle } from '#seal';
import { median } from './interleaved.mjs';
import { manifestOf } from './large-manifest.mjs';

const rounds = Number(process.argv[2] ?? 15);
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = readPublicKey(pair.publicKey.export({ type: 'spki', format: 'der' }), nodeCrypto).value;

const timed = (work) => {
  const began = performance.now();
  work();
  return performance.now() - began;
};

const write = (manifest) => {
  const checked = checkManifest(manifest);
  if (checked.kind !== 'accepted') throw new Error(JSON.stringify(checked.problems.slice(0, 3)));
  const payload = canonicalJson({ _type: STATEMENT_TYPE, subject: [{ name: 'model', digest: { sha256: 'a'.repeat(64) } }], predicateType: PREDICATE_TYPE, predicate: manifest });
  const signature = sign('sha256', preAuthEncoding(IN_TOTO_PAYLOAD, payload), pair.privateKey);
  return { payload, bundle: writeBundle({ payload, signature, signer: { kind: 'key', hint: Buffer.from(key.keyId, 'hex').toString('base64') } }) };
};

const read = (bundle) => {
  const reading = readBundle(bundle);
  if (reading.kind !== 'accepted') throw new Error('the bundle was rejected');
  if (checkSignature(reading.value, key, nodeVerifySignature).kind !== 'held') throw new Error('the signature was refused');
  if (readStatement(reading.value.content.payload).kind !== 'accepted') throw new Error('the statement was rejected');
};

for (const sizeBytes of [200_000, 10_000_000]) {
  const manifest = manifestOf(sizeBytes);
  const { payload, bundle } = write(manifest);
  const text = Buffer.from(payload).toString();
  const work = { 'JSON.parse': () => JSON.parse(text), write: () => write(manifest), read: () => read(bundle) };
  const times = { 'JSON.parse': [], write: [], read: [] };
  for (let round = 0; round < rounds + 3; round += 1)
    for (const [name, one] of Object.entries(work)) {
      const ms = timed(one);
      if (round >= 3) times[name].push(ms);
    }
  const parse = median(times['JSON.parse']);
  console.log(`a record of ${payload.length} bytes: JSON.parse ${parse.toFixed(2)} ms`);
  for (const name of ['write', 'read']) console.log(`  ${name.padEnd(6)} ${median(times[name]).toFixed(2)} ms, ${(median(times[name]) / parse).toFixed(2)}x JSON.parse of the same`);
}
