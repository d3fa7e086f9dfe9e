import { join } from 'node:path';
import { toHex, TrainlockError } from '#base';
import { nodeCrypto, readBounded, writeOnce, makeFolder } from '#files';
import { firstKey, loadKey, passphraseFrom, type Signer, signStatement } from '#keys';
import { type SealedStatement, pemOfPublicKey, writeBundle } from '#seal';
import { type TrainingRun, trainingRunStatement } from '#statements';
import { addSeal, besideStatement, RUN_FILES } from '#store';
import { writeLeaf } from '#tlog';
import type { Dated } from './date-signature.ts';
import type { FurtherKind, FurtherSigned } from './sign-further.ts';

export type SignRequest = {
  /** Where the statement of the run lies. */
  readonly statementPath: string;
  readonly signer: Signer;
  /** Addresses of authorities that date the signature. */
  readonly timeAuthorities: readonly string[];
  /** Further statements that are signed with it. */
  readonly also: readonly FurtherKind[];
  /** Whether a leaf is left for the log of this machine. */
  readonly log: boolean;
  /** RFC 3339 in UTC with milliseconds. */
  readonly now: string;
};

export type SignedRecord = {
  readonly keyId: string;
  /** Where the key is, in words. */
  readonly place: string;
  /** Where the bundle lies. */
  readonly bundlePath: string;
  /** Identity of what was signed. */
  readonly manifestSha256: string;
  /** What each authority says of the time. */
  readonly times: Dated['times'];
  readonly further: readonly FurtherSigned[];
  /** What could not be done beside the signature itself; one sentence each. */
  readonly problems: readonly string[];
};

/** Largest statement that is signed. Unit: byte. */
const MAX_STATEMENT = 16 * 1024 * 1024;

/**
 * Signs the record of a run and leaves a leaf for the log: the exact bytes on disk, after they were read and understood again. Throws
 * TL0304 if they are not a record of ours, TL1104 if the key does not sign, TL0003 if the bundle cannot be written.
 */
export const signRecord = async ({ statementPath, signer, timeAuthorities, also, log, now }: SignRequest): Promise<SignedRecord> => {
  const run = await readRun(statementPath);
  const sealed = await signStatement(signer, run, nodeCrypto);
  const dated = timeAuthorities.length === 0 ? NOT_DATED : await (await import('./date-signature.ts')).dateSignature(sealed.signature, timeAuthorities);
  const bundle = writeBundle({ ...sealed, timestamps: dated.timestamps });
  const bundlePath = await addSeal(statementPath, { name: `signed-${signer.publicKey.keyId.slice(0, 16)}`, bundle, publicKeyPem: pemOfPublicKey(signer.publicKey) });
  if (log) await leaveLeaf(statementPath, { run, sealed, bundle, now });
  const further = also.length === 0 ? [] : await (await import('./sign-further.ts')).signFurther(statementPath, { run, signer, kinds: also });
  return {
    keyId: signer.publicKey.keyId,
    place: signer.place,
    bundlePath,
    manifestSha256: run.sha256,
    times: dated.times,
    further,
    problems: [...dated.problems, ...further.flatMap((one) => ('because' in one ? [`${one.kind} is not signed: ${one.because}`] : []))],
  };
};

const NOT_DATED: Dated = { timestamps: [], times: [], problems: [] };

const readRun = async (statementPath: string): Promise<TrainingRun> => {
  const reading = trainingRunStatement(await readBounded(statementPath, MAX_STATEMENT), nodeCrypto);
  if (reading.kind === 'accepted') return reading.value;
  throw new TrainlockError('TL0304', `the record is not signed: ${reading.because}`, { where: statementPath, fix: 'trainlock validate FILE   # names every problem' });
};

type Event = { readonly run: TrainingRun; readonly sealed: SealedStatement; readonly bundle: Uint8Array; readonly now: string };

/** The leaf waits beside the record until the owner of a log takes it in; a record that is signed twice leaves two. */
const leaveLeaf = async (statementPath: string, { run, sealed, bundle, now }: Event): Promise<void> => {
  const folder = besideStatement(statementPath, RUN_FILES.proofs);
  await makeFolder(folder, 0o700);
  const leaf = writeLeaf({
    version: 1,
    kind: 'run-signed',
    time: now,
    object: { type: 'run', id: run.manifest.run.id },
    payloadSha256: run.sha256,
    bundleSha256: toHex(nodeCrypto.sha256(bundle)),
  });
  await writeOnce(join(folder, `signed-${toHex(nodeCrypto.sha256(sealed.signature)).slice(0, 16)}.leaf`), leaf, 0o600);
};

export type KeyChoice = {
  /** Name of a key, path of a private key, or reference of a key behind another tool. */
  readonly key: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a person may be asked for a passphrase. */
  readonly mayAsk: boolean;
};

/** The key that signs statements; the default one is made on first use. Throws TL1101 to TL1106. */
export const openStatementKey = async ({ key, env, mayAsk }: KeyChoice): Promise<{ readonly signer: Signer; readonly made: boolean }> => {
  const passphrase = mayAsk ? passphraseFrom(env) : passphraseFrom(env, async () => undefined);
  if (key === 'default') {
    const { signer, made } = await firstKey(env, passphrase);
    return { signer, made };
  }
  return { signer: await loadKey(key, { env, passphrase, purpose: 'statements' }), made: false };
};
