// Writing (validate, canonicalise, sign) and reading (strict read, validate, verify) a record against JSON.parse of the same bytes,
// and the log of this machine. Usage: node bench/seal.mjs [rounds] [record|log …]; needs npm run build.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { canonicalJson } from '#base';
import { nodeCrypto } from '#files';
import { nodeVerifySignature } from '#keys';
import { openLogbook } from '#logbook';
import { checkManifest, PREDICATE_TYPE, readStatement, STATEMENT_TYPE } from '#manifest';
import { checkSignature, IN_TOTO_PAYLOAD, preAuthEncoding, readBundle, readPublicKey, writeBundle } from '#seal';
import { writeLeaf } from '#tlog';
import { median } from './interleaved.mjs';
import { manifestOf } from './large-manifest.mjs';

const rounds = Number(process.argv[2] ?? 15);
const parts = process.argv.length > 3 ? process.argv.slice(3) : ['record', 'log'];
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

for (const sizeBytes of parts.includes('record') ? [200_000, 10_000_000] : []) {
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
  for (const name of ['write', 'read'])
    console.log(`  ${name.padEnd(6)} ${median(times[name]).toFixed(2)} ms, ${(median(times[name]) / parse).toFixed(2)}x JSON.parse of the same`);
}

/** A million leaves in batches of a thousand, each batch committed with fsync; then proofs at random places. */
const logOf = async (leafCount, batch) => {
  const folder = mkdtempSync(join(tmpdir(), 'trainlock-bench-'));
  try {
    const log = openLogbook({ env: { XDG_STATE_HOME: folder }, verify: nodeVerifySignature });
    const leafAt = (i) =>
      writeLeaf({ version: 1, kind: 'run-signed', time: '2026-11-26T08:00:00.000Z', object: { type: 'run', id: `run-${i}` }, payloadSha256: i.toString(16).padStart(64, '0') });
    const began = performance.now();
    const heap = [];
    for (let from = 0; from < leafCount; from += batch) {
      await log.append(Array.from({ length: Math.min(batch, leafCount - from) }, (_, i) => leafAt(from + i)));
      if (from % (leafCount / 10) === 0) heap.push(process.memoryUsage().rss / 2 ** 20);
    }
    const seconds = (performance.now() - began) / 1000;
    const proofs = [];
    for (let i = 0; i < 200; i += 1) {
      const index = randomBytes(6).readUIntBE(0, 6) % leafCount;
      const start = performance.now();
      await log.proofOf(index);
      proofs.push(performance.now() - start);
    }
    console.log(
      `a log of ${leafCount} leaves: ${Math.round(leafCount / seconds)} leaves a second in batches of ${batch} with fsync; a proof ${median(proofs).toFixed(2)} ms (at most ${Math.max(...proofs).toFixed(2)})`,
    );
    console.log(`  memory after each tenth: ${heap.map((mebibytes) => Math.round(mebibytes)).join(' ')} MiB`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

if (parts.includes('log')) await logOf(Number(process.env.LEAVES ?? 1_000_000), 1000);
