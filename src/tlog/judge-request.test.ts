import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromUtf8, toBase64, utf8 } from '#base';
import { algorithms, checkpointNote, cosignedBy, crypto, flipped, logOf, problemOf, signedBy, signerOf, valueOf } from '../../test/fixtures/log-keys.ts';
import { judgeRequest, type KnownState, type RequestJudgement } from './judge-request.ts';
import { writeNote } from './note.ts';
import { openNote } from './open-note.ts';
import { tileTree } from './tile-tree.ts';
import { readKnownSize, readWitnessAnswer, readWitnessRequest, type WitnessRequest, writeKnownSize, writeWitnessAnswer, writeWitnessRequest } from './witness-request.ts';

const data = logOf(Array.from({ length: 40 }, (_, i) => utf8(`leaf ${i}`)));
const tree = tileTree(data.readTile, crypto);
const log = signerOf('example.com/log', 'signature');
const witness = signerOf('witness.example', 'cosignature');

const stateOf = async (size: number): Promise<KnownState> => ({ size, root: await tree.rootOf(size) });
const requestOf = async (oldSize: number, size: number): Promise<WitnessRequest> => ({
  oldSize,
  proof: await tree.consistencyProofOf(oldSize, size),
  checkpoint: checkpointNote(log, size, await tree.rootOf(size)),
});
const wordOf = (judgement: RequestJudgement): string => `${judgement.status} ${judgement.kind === 'refused' ? judgement.refusal : judgement.kind}`;
const judged = (known: KnownState | undefined, request: WitnessRequest): string => wordOf(judgeRequest(known, request, [log.key], algorithms));

describe('a witness', () => {
  it('signs a first checkpoint, every later one that continues it, and the same once more', async () => {
    expect(judged(undefined, await requestOf(0, 12))).toBe('200 cosign');
    expect(judged(undefined, await requestOf(0, 0))).toBe('200 cosign');
    expect(judged(await stateOf(0), await requestOf(0, 12))).toBe('200 cosign');
    for (let size = 12; size <= 40; size += 1) expect(judged(await stateOf(12), await requestOf(12, size))).toBe('200 cosign');
    expect(judgeRequest(await stateOf(12), await requestOf(12, 20), [log.key], algorithms)).toMatchObject({ kind: 'cosign', checkpoint: { origin: 'example.com/log', size: 20 } });
  });

  it('answers with the size it knows when the old size is another', async () => {
    expect(judgeRequest(await stateOf(12), await requestOf(8, 20), [log.key], algorithms)).toEqual({ kind: 'conflict', status: 409, knownSize: 12 });
    expect(judgeRequest(await stateOf(12), await requestOf(0, 20), [log.key], algorithms)).toEqual({ kind: 'conflict', status: 409, knownSize: 12 });
    expect(judgeRequest(undefined, await requestOf(8, 20), [log.key], algorithms)).toEqual({ kind: 'conflict', status: 409, knownSize: 0 });
  });

  it('does not roll a log back', async () => {
    expect(judged(await stateOf(12), await requestOf(8, 8))).toBe('409 conflict');
    expect(judged(await stateOf(12), { ...(await requestOf(8, 8)), oldSize: 12 })).toBe('400 old-size-too-large');
  });

  const other = signerOf('example.com/other', 'signature');
  const root = crypto.sha256(utf8('forged'));
  const bodyOf = (text: string): WitnessRequest['checkpoint'] => ({ body: text, signatures: [signedBy(log, text)] });
  it.each<[string, string, (request: WitnessRequest) => WitnessRequest]>([
    ['that is no checkpoint', '400 not-a-checkpoint', (request) => ({ ...request, checkpoint: bodyOf('hello\n') })],
    ['of a log it does not know', '404 unknown-log', (request) => ({ ...request, checkpoint: checkpointNote(other, 20, root) })],
    ['that the log has not signed', '403 not-signed', (request) => ({ ...request, checkpoint: { ...request.checkpoint, signatures: [signedBy(other, request.checkpoint.body)] } })],
    [
      'with a bad signature of the log beside a good one',
      '403 not-signed',
      (request) => {
        const [good] = request.checkpoint.signatures;
        return { ...request, checkpoint: { ...request.checkpoint, signatures: [good!, { ...good!, signature: flipped(good!.signature, 3) }] } };
      },
    ],
    ['with a second root for one size', '422 fork', (request) => ({ ...request, proof: [], checkpoint: checkpointNote(log, 12, root) })],
    ['with another history', '422 wrong-proof', (request) => ({ ...request, checkpoint: checkpointNote(log, 20, root) })],
    ['without the proof', '422 wrong-proof', (request) => ({ ...request, proof: [] })],
    ['with a hash too many', '422 wrong-proof', (request) => ({ ...request, proof: [...request.proof, root] })],
    ['smaller than the old size', '400 old-size-too-large', (request) => ({ ...request, checkpoint: checkpointNote(log, 11, root) })],
  ])('refuses a checkpoint %s: %s', async (_, word, change) => {
    expect(judged(await stateOf(12), change(await requestOf(12, 20)))).toBe(word);
  });

  it('refuses a proof where none is needed, and a root of nothing that is something', async () => {
    expect(judged(undefined, { ...(await requestOf(0, 20)), proof: [root] })).toBe('422 needless-proof');
    expect(judged(undefined, { oldSize: 0, proof: [], checkpoint: checkpointNote(log, 0, root) })).toBe('422 wrong-empty-root');
    expect(judged(await stateOf(12), { ...(await requestOf(12, 12)), proof: [root] })).toBe('422 wrong-proof');
  });

  it('does not take a witness with the name of a log for the log', async () => {
    const namesake = signerOf('example.com/log', 'cosignature');
    const request = await requestOf(0, 12);
    const checkpoint = { ...request.checkpoint, signatures: [cosignedBy(namesake, request.checkpoint.body, 5)] };
    expect(wordOf(judgeRequest(undefined, { ...request, checkpoint }, [namesake.key], algorithms))).toBe('404 unknown-log');
  });

  it('never signs a request of which a bit was turned, unless it is the same request', async () => {
    const bytes = writeWitnessRequest(await requestOf(13, 29));
    const known = await stateOf(13);
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const read = readWitnessRequest(flipped(bytes, bit));
        if (read.kind === 'accepted') expect(judged(known, read.value)).not.toContain('cosign');
      }),
      { numRuns: 1500 },
    );
  });
});

describe('the bodies of a request', () => {
  // Source: C2SP tlog-witness, "add-checkpoint".
  it('are those of the specification', async () => {
    const request = await requestOf(12, 20);
    const bytes = writeWitnessRequest(request);
    expect(fromUtf8(bytes)).toBe(`old 12\n${request.proof.map((hash) => `${toBase64(hash)}\n`).join('')}\n${fromUtf8(writeNote(request.checkpoint))}`);
    expect(valueOf(readWitnessRequest(bytes))).toEqual(request);
  });

  const note = fromUtf8(writeNote(checkpointNote(log, 20, data.root)))!;
  const hash = toBase64(data.root);
  it.each([
    ['without the old size', `${hash}\n\n${note}`, /first line/],
    ['with a leading zero', `old 012\n\n${note}`, /first line/],
    ['with two spaces', `old  12\n\n${note}`, /first line/],
    ['with words after the size', `old 12 of\n\n${note}`, /first line/],
    ['with CRLF', `old 12\r\n\r\n${note}`, /first line|empty line/],
    ['with 64 hashes', `old 12\n${`${hash}\n`.repeat(64)}\n${note}`, /more than 63/],
    ['with a hash of 31 bytes', `old 12\n${toBase64(new Uint8Array(31))}\n\n${note}`, /hash 1/],
    ['without a checkpoint', 'old 12\n\n', /no empty line/],
    ['without an empty line', 'old 12\n', /no empty line/],
    ['of a quarter of a megabyte', `old 12\n\n${'a'.repeat(262_144)}${note}`, /at most 262144/],
  ])('%s are rejected', (_, text, message) => {
    expect(problemOf(readWitnessRequest(utf8(text)))).toMatch(message);
  });

  it('bring the answer of the witness, which is added to the note and opened', async () => {
    const { checkpoint } = await requestOf(12, 20);
    const answer = valueOf(readWitnessAnswer(writeWitnessAnswer([cosignedBy(witness, checkpoint.body, 1_700_000_000)])));
    const opened = openNote({ ...checkpoint, signatures: [...checkpoint.signatures, ...answer] }, [log.key, witness.key], algorithms.verify);
    expect(opened).toMatchObject({ kind: 'opened', verified: [{ key: log.key }, { key: witness.key, time: 1_700_000_000 }] });
    for (const wrong of ['', 'hello\n', '\n']) expect(readWitnessAnswer(utf8(wrong)).kind).toBe('rejected');
  });

  it('bring the known size', () => {
    expect(readKnownSize(writeKnownSize(20_852_014))).toBe(20_852_014);
    for (const wrong of ['', '12', '012\n', '12\n\n', ' 12\n', '-1\n', `${'9'.repeat(40)}\n`]) expect(readKnownSize(utf8(wrong)), wrong).toBeUndefined();
  });
});
