import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex, TrainlockError, utf8 } from '#base';
import { makeFolder, nodeCrypto, notWritable, readBoundedIfThere, writeAtomic, writeOnce } from '#files';
import { loadNoteKey, newNoteKey, type NoteSigner } from '#logbook';
import { type KnownState, type Note, readCheckpoint, readNote, readVerifierKey, writeNote, writeVerifierKey } from '#tlog';

/** What a witness keeps on disk: its key, and the newest checkpoint of every log that it signed for. */
export type WitnessState = {
  readonly folder: string;
  readonly signer: NoteSigner;
  /** The newest checkpoint of a log that was signed. Throws TL1402 if it was there and cannot be read: nothing is signed then. */
  readonly known: (origin: string) => Promise<KnownState | undefined>;
  /** Durable when it answers. Throws TL0003. */
  readonly save: (origin: string, checkpoint: Note) => Promise<void>;
  /** Keeps a checkpoint that contradicts the one that was signed: both together prove that the log lied. */
  readonly keepFork: (origin: string, checkpoint: Note) => Promise<void>;
};

const KEY = 'witness.key';
const VKEY = 'vkey';
const MOST_FORKS = 16;
const MOST_BYTES = 1024 * 1024;

/** Opens the state of a witness, and makes it with a new key if there is none. Throws TL1401, TL1402, TL0003. */
export const openWitness = async (folder: string): Promise<WitnessState> => {
  const signer = await signerIn(folder);
  const fileOf = (origin: string): string => join(folder, `${toHex(nodeCrypto.sha256(utf8(origin))).slice(0, 32)}.checkpoint`);
  return {
    folder,
    signer,
    known: async (origin) => {
      const path = fileOf(origin);
      const bytes = await readBoundedIfThere(path, MOST_BYTES);
      if (bytes === undefined) return undefined;
      const note = readNote(bytes);
      const checkpoint = note.kind === 'accepted' ? readCheckpoint(note.value.body) : note;
      if (checkpoint.kind === 'accepted' && 'size' in checkpoint.value && checkpoint.value.origin === origin) return checkpoint.value;
      throw new TrainlockError('TL1402', 'what the witness knows of a log cannot be read; it signs nothing for it', { where: path, fix: 'bring the file back from a copy' });
    },
    save: (origin, checkpoint) => writeAtomic(fileOf(origin), writeNote(checkpoint), 0o600),
    keepFork: async (origin, checkpoint) => {
      const base = fileOf(origin).slice(folder.length + 1, -'.checkpoint'.length);
      const there = (await readdir(folder)).filter((name) => name.startsWith(`${base}.fork-`));
      if (there.length < MOST_FORKS)
        await writeOnce(join(folder, `${base}.fork-${toHex(nodeCrypto.sha256(writeNote(checkpoint))).slice(0, 16)}.checkpoint`), writeNote(checkpoint), 0o600);
    },
  };
};

const signerIn = async (folder: string): Promise<NoteSigner> => {
  try {
    await makeFolder(folder, 0o700);
  } catch (error) {
    throw notWritable(folder, error);
  }
  const [keyPath, vkeyPath] = [join(folder, KEY), join(folder, VKEY)];
  const text = await readBoundedIfThere(vkeyPath, 4096);
  if (text === undefined) {
    const { signer, pem } = newNoteKey(`trainlock.dev/witness/${toHex(randomBytes(8))}`, 'cosignature');
    await writeAtomic(keyPath, pem, 0o600);
    // Last: with it the witness is there.
    await writeAtomic(vkeyPath, utf8(`${writeVerifierKey(signer.key)}\n`));
    return signer;
  }
  const key = readVerifierKey(Buffer.from(text).toString('utf8').trim(), nodeCrypto);
  const signer = key.kind === 'accepted' && key.value.use === 'cosignature' ? await loadNoteKey(keyPath, key.value.name, 'cosignature') : undefined;
  if (signer === undefined || key.kind === 'rejected' || signer.key.keyId !== key.value.keyId)
    throw new TrainlockError('TL1402', `${KEY} and ${VKEY} of the witness do not belong together`, { where: folder, fix: 'bring both back from a copy' });
  return signer;
};
