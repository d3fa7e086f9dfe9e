import { join } from 'node:path';
import type { VerifySignature } from '#base';
import { writeAtomic } from '#files';
import { type NoteSignature, openNote, type VerifierKey, type WitnessTime, writeNote } from '#tlog';
import { withLock } from './append-leaves.ts';
import { findLog } from './find-log.ts';
import type { LogPlaces } from './log-places.ts';
import { CHECKPOINT, readHead } from './read-head.ts';
import { rememberHead } from './remembered-heads.ts';
import { noLog } from './no-log.ts';

export type Cosigned =
  | { readonly kind: 'kept'; readonly witnesses: readonly WitnessTime[] }
  /** The log has grown since the witness was asked: ask again. */
  | { readonly kind: 'outgrown'; readonly size: number }
  | { readonly kind: 'refused'; readonly because: string }
  | { readonly kind: 'busy'; readonly because: string };

export type NewCosignatures = {
  readonly places: LogPlaces;
  readonly verify: VerifySignature;
  readonly waitMs: number;
  /** The text of the checkpoint that was signed. */
  readonly body: string;
  /** What the witness answered. It is hostile. */
  readonly signatures: readonly NoteSignature[];
  readonly witness: VerifierKey;
};

/** Keeps the cosignature of a witness beside the signature of the log, if it holds. Throws TL1401 to TL1403. */
export const addCosignatures = (options: NewCosignatures): Promise<Cosigned> =>
  withLock(options.places, options.waitMs, async (): Promise<Cosigned> => {
    const { places, verify, body, signatures, witness } = options;
    const log = await findLog(places);
    if (log.kind === 'none') throw noLog(places.logs);
    const head = await readHead(log.reader, log.key, verify);
    if (head.note.body !== body) return { kind: 'outgrown', size: head.checkpoint.size };
    const own = signatures.filter(({ name, keyId }) => name === witness.name && keyId === witness.keyId);
    const opened = openNote({ body, signatures: own }, [witness], verify);
    if (opened.kind === 'refused') return { kind: 'refused', because: opened.because };
    const others = head.note.signatures.filter(({ name, keyId }) => name !== witness.name || keyId !== witness.keyId);
    const newest = opened.verified.toSorted((a, b) => (b.time ?? 0) - (a.time ?? 0))[0]!;
    const note = { body, signatures: [...others, newest.signature] };
    await writeAtomic(join(log.folder, CHECKPOINT), writeNote(note));
    await rememberHead(places.heads, { key: log.key, checkpoint: note });
    return { kind: 'kept', witnesses: [{ witness, time: newest.time ?? 0 }] };
  });
