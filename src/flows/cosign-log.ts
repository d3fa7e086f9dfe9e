/** Asks a witness to sign the present checkpoint of the log of this machine. */
import { dirname, join } from 'node:path';
import { escapeControl, toHex, TrainlockError, utf8, withoutCredentials } from '#base';
import { makeFolder, nodeCrypto, readBoundedIfThere, writeAtomic } from '#files';
import { nodeVerifySignature } from '#keys';
import { folderReader, noLog, openLogbook, stateFolder, tileReader } from '#logbook';
import { askBytes } from '#remote';
import {
  KNOWN_SIZE_TYPE,
  readKnownSize,
  readVerifierKey,
  readWitnessAnswer,
  tileTree,
  type VerifierKey,
  WITNESS_REQUEST_BYTES,
  writeVerifierKey,
  writeWitnessRequest,
} from '#tlog';
import { pinnedKey } from './log/verify-options.ts';

export type CosignOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Address of the witness, without `/add-checkpoint`. */
  readonly witness: string;
  /** Its verifier key; that of the last time if nothing is said. */
  readonly witnessKey?: string;
};

export type CosignedLog =
  | { readonly kind: 'cosigned'; readonly witness: string; readonly vkey: string; readonly origin: string; readonly size: number; /** RFC 3339. */ readonly time: string }
  | {
      readonly kind: 'refused';
      readonly witness: string;
      readonly because: string;
      /** What the witness knows of this log, where it said so. */ readonly knownSize?: number;
    };

/** A witness may be asked again after it said what it knows, and after the log has grown meanwhile. */
const TRIES = 4;

/** Throws TL0001 if the key of the witness is not known, TL0801 if it cannot be reached, TL1401 to TL1403. */
export const cosignLog = async ({ env, witness, witnessKey }: CosignOptions): Promise<CosignedLog> => {
  const logbook = openLogbook({ env, verify: nodeVerifySignature });
  const key = witnessKey === undefined ? await knownKey(env, witness) : pinnedKey(witnessKey, 'cosignature');
  const about = { witness: withoutCredentials(witness) };
  let oldSize = 0;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const head = await logbook.head();
    if (head === undefined) throw noLog(logbook.places.logs);
    const { size, origin } = head.checkpoint;
    if (oldSize > size) return { kind: 'refused', ...about, because: `the witness has seen ${oldSize} leaves of this log, which has ${size}: it was set back`, knownSize: oldSize };
    const proof = await tileTree(tileReader(folderReader(head.folder)), nodeCrypto).consistencyProofOf(oldSize, size);
    const { status, contentType, bytes } = await askBytes(`${witness.replace(/\/+$/, '')}/add-checkpoint`, {
      method: 'POST',
      body: writeWitnessRequest({ oldSize, proof, checkpoint: { body: head.note.body, signatures: head.note.signatures.filter(({ name }) => name === head.key.name) } }),
      maxBytes: WITNESS_REQUEST_BYTES,
    });
    const known = status === 409 && contentType === KNOWN_SIZE_TYPE ? readKnownSize(bytes) : undefined;
    if (known !== undefined && known !== oldSize) {
      oldSize = known;
      continue;
    }
    if (status !== 200) return { kind: 'refused', ...about, because: refusalText(status, bytes) };
    const answer = readWitnessAnswer(bytes);
    if (answer.kind === 'rejected') return { kind: 'refused', ...about, because: `its answer is not a cosignature: ${answer.problems[0]!.message}` };
    const kept = await logbook.addCosignatures({ body: head.note.body, signatures: answer.value, witness: key });
    if (kept.kind === 'refused') return { kind: 'refused', ...about, because: kept.because };
    if (kept.kind === 'busy') throw new TrainlockError('TL1401', `the log is busy: ${kept.because}`, { where: logbook.places.lock, fix: 'trainlock log cosign' });
    if (kept.kind === 'outgrown') {
      oldSize = size;
      continue;
    }
    await rememberKey(env, witness, key);
    return { kind: 'cosigned', ...about, vkey: writeVerifierKey(key), origin, size, time: new Date(kept.witnesses[0]!.time * 1000).toISOString() };
  }
  return { kind: 'refused', ...about, because: 'the log grows faster than the witness signs' };
};

/** What a witness says when it does not sign. Its text is hostile. */
const refusalText = (status: number, bytes: Uint8Array): string => {
  const words = escapeControl(Buffer.from(bytes.subarray(0, 300)).toString('utf8').trim());
  const meaning = {
    400: 'the request is malformed',
    403: 'it does not know the key of this log',
    404: 'it does not know this log',
    409: 'it knows the log at another size',
    422: 'it saw another history of this log',
  }[status];
  return `the witness answers ${status}${meaning === undefined ? '' : `, ${meaning}`}${words === '' ? '' : `: ${words}`}`;
};

const keyFile = (env: CosignOptions['env'], witness: string): string =>
  join(stateFolder(env), 'log-witnesses', `${toHex(nodeCrypto.sha256(utf8(witness.replace(/\/+$/, '')))).slice(0, 16)}.vkey`);

const knownKey = async (env: CosignOptions['env'], witness: string): Promise<VerifierKey> => {
  const bytes = await readBoundedIfThere(keyFile(env, witness), 4096);
  const key = bytes === undefined ? undefined : readVerifierKey(Buffer.from(bytes).toString('utf8').trim(), nodeCrypto);
  if (key?.kind === 'accepted') return key.value;
  throw new TrainlockError('TL0001', 'the key of this witness is not known: without it nobody can tell whether its signature holds', {
    where: withoutCredentials(witness),
    notes: ['a witness tells its verifier key to those that rely on it; it is asked for once'],
    fix: `trainlock log cosign --witness ${withoutCredentials(witness)} --witness-key VKEY`,
  });
};

const rememberKey = async (env: CosignOptions['env'], witness: string, key: VerifierKey): Promise<void> => {
  const path = keyFile(env, witness);
  await makeFolder(dirname(path), 0o700);
  await writeAtomic(path, utf8(`${writeVerifierKey(key)}\n`), 0o600);
};
