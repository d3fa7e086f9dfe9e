import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import { algorithms, checkpointNote, cosignedBy, crypto, flipped, keyOf, logOf, signedBy, signerOf, signerOfGo, valueOf } from '../../test/fixtures/log-keys.ts';
import { type Note, readNote, writeNote } from './note.ts';
import { openNote } from './open-note.ts';

const { verify } = algorithms;
const log = signerOf('example.com/log', 'signature');
const other = signerOf('example.com/other', 'signature');
const witness = signerOf('witness.example', 'cosignature');
const note = checkpointNote(log, 3, logOf([utf8('a'), utf8('b'), utf8('c')]).root);

const refusalOf = (opened: ReturnType<typeof openNote>): string => (opened.kind === 'refused' ? `${opened.refusal}: ${opened.because}` : opened.kind);

// Source: golang.org/x/mod/sumdb/note, example_test.go.
const NEUMANN =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

describe('opening a note', () => {
  it('verifies the note of Go with the key of Go, and makes the same signature', () => {
    const read = valueOf(readNote(utf8(NEUMANN)));
    const opened = openNote(read, [keyOf('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')], verify);
    expect(opened).toMatchObject({ kind: 'opened', body: read.body, unknown: 0, verified: [{ key: { name: 'PeterNeumann' } }] });
    const signer = signerOfGo('PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz');
    expect(writeNote({ body: read.body, signatures: [signedBy(signer, read.body)] })).toEqual(utf8(NEUMANN));
  });

  it('tells the time of a witness', () => {
    const both = { ...note, signatures: [...note.signatures, cosignedBy(witness, note.body, 1_700_000_000)] };
    const opened = openNote(both, [log.key, witness.key], verify);
    expect(opened).toMatchObject({ kind: 'opened', verified: [{ key: log.key }, { key: witness.key, time: 1_700_000_000 }] });
  });

  it('ignores signatures of keys it does not know, good or bad', () => {
    const junk = { name: 'stranger', keyId: 1, signature: new Uint8Array(64) };
    expect(openNote({ ...note, signatures: [junk, ...note.signatures, signedBy(other, note.body)] }, [log.key], verify)).toMatchObject({ kind: 'opened', unknown: 2 });
  });

  it('ignores a signature that shares only the name, or only the id, with a known key', () => {
    const [signature] = note.signatures;
    const nearly = [
      { ...signature!, keyId: signature!.keyId ^ 1 },
      { ...signature!, name: 'example.com/lag' },
    ];
    expect(openNote({ ...note, signatures: [...nearly, ...note.signatures] }, [log.key], verify)).toMatchObject({ kind: 'opened', unknown: 2 });
  });

  const good = note.signatures[0]!;
  const bad = { ...good, signature: flipped(good.signature, 9) };
  it.each<[string, Note, string]>([
    ['signed by nobody it knows', { ...note, signatures: [signedBy(other, note.body)] }, 'no-known-signature: the note is not signed by example.com/log+'],
    ['whose signature was changed', { ...note, signatures: [bad] }, 'wrong-signature: the signature of example.com/log+'],
    ['signed by one key twice, the first time badly', { ...note, signatures: [bad, good] }, 'wrong-signature'],
    ['signed by one key twice, the second time badly', { ...note, signatures: [good, bad] }, 'wrong-signature'],
    [
      'signed by a witness badly, beside a good signature',
      { ...note, signatures: [good, { ...cosignedBy(witness, note.body, 5), signature: new Uint8Array(72) }] },
      'wrong-signature',
    ],
    [
      'with a cosignature of the wrong length',
      { ...note, signatures: [good, { ...cosignedBy(witness, note.body, 5), signature: new Uint8Array(71) }] },
      'wrong-signature: the signature of witness.example+',
    ],
    ['with a signature of the wrong length', { ...note, signatures: [{ ...good, signature: new Uint8Array(63) }] }, 'wrong-signature'],
    ['with another text', { ...note, body: note.body.replace('\n3\n', '\n4\n') }, 'wrong-signature'],
  ])('refuses a note %s', (_, changed, message) => {
    expect(refusalOf(openNote(changed, [log.key, witness.key], verify))).toContain(message);
  });

  it('refuses a plain signature of a witness in the place of its cosignature, and the other way round', () => {
    const plain = { ...cosignedBy(witness, note.body, 5), signature: witness.sign(utf8(note.body)) };
    expect(refusalOf(openNote({ ...note, signatures: [plain] }, [witness.key], verify))).toContain('wrong-signature');
    const dressed = { ...good, signature: cosignedBy(log, note.body, 5).signature };
    expect(refusalOf(openNote({ ...note, signatures: [dressed] }, [log.key], verify))).toContain('wrong-signature');
  });

  it('refuses cosignatures over text that is not a checkpoint', () => {
    const body = 'a letter\n';
    expect(refusalOf(openNote({ body, signatures: [cosignedBy(witness, body, 5)] }, [witness.key], verify))).toContain('wrong-signature');
  });

  it('counts repeated lines once', () => {
    const opened = openNote({ ...note, signatures: [good, good, good] }, [log.key, log.key], verify);
    expect(opened.kind === 'opened' && opened.verified).toHaveLength(1);
  });

  it('names a key that was given twice once', () => {
    expect(refusalOf(openNote({ ...note, signatures: [signedBy(other, note.body)] }, [log.key, log.key], verify))).not.toContain(' or ');
  });

  it('refuses two known keys with one name and id', () => {
    const twin = { ...other.key, name: log.key.name, keyId: log.key.keyId };
    expect(refusalOf(openNote(note, [log.key, twin], verify))).toContain('ambiguous-key');
  });

  it('refuses everything without a key', () => {
    expect(refusalOf(openNote(note, [], verify))).toBe('no-known-signature: no key was given to check the note with');
  });

  it('of which any bit was turned is refused', () => {
    const cosigned = checkpointNote(log, 3, crypto.sha256(utf8('root')), [{ witness, time: 1_700_000_000 }]);
    const bytes = writeNote(cosigned);
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const read = readNote(flipped(bytes, bit));
        if (read.kind === 'rejected') return;
        // A line that lost its name or id is that of a stranger; the note then lacks one of the two.
        const opened = openNote(read.value, [log.key, witness.key], verify);
        expect(opened.kind === 'refused' || opened.verified.length < 2).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });
});
