import { join } from 'node:path';
import type { Settings } from '#config';
import { compareBytes, shellWord, toBase64, toHex, TrainlockError } from '#base';
import { nodeCrypto, readBounded, writeOnce, makeOwnFolder } from '#files';
import { firstKey, isKeyName, loadKey, nodeVerifySignature, passphraseFrom, type Signer, signStatement } from '#keys';
import { checkSignature, pemOfPublicKey, readBundle, type SealedStatement, writeBundle } from '#seal';
import { type TrainingRun, trainingRunStatement } from '#statements';
import { addSeal, besideStatement, MAX_STATEMENT, RUN_FILES, sealsOf } from '#store';
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
  /** False: this key had signed it before, and there was nothing to add. */
  readonly isNew: boolean;
  /** Identity of what was signed. */
  readonly manifestSha256: string;
  /** What each authority says of the time. */
  readonly times: Dated['times'];
  readonly further: readonly FurtherSigned[];
  /** What could not be done beside the signature itself; one sentence each. */
  readonly problems: readonly string[];
};

/**
 * Signs the record of a run and leaves a leaf for the log: the exact bytes on disk, after they were read and understood again. Throws
 * TL0304 if they are not a record of ours, TL0202 if a newer trainlock must judge it, TL1104 if the key does not sign, TL0003 if the bundle cannot be written.
 */
export const signRecord = async ({ statementPath, signer, timeAuthorities, also, log, now }: SignRequest): Promise<SignedRecord> => {
  const run = await readRun(statementPath);
  const there = await signatureOf(statementPath, { run, signer });
  const { bundlePath, dated, isNew } = await addSignature(statementPath, { run, signer, timeAuthorities, log, now, there });
  const further = also.length === 0 ? [] : await (await import('./sign-further.ts')).signFurther(statementPath, { run, signer, kinds: also });
  return {
    keyId: signer.publicKey.keyId,
    place: signer.place,
    bundlePath,
    isNew,
    manifestSha256: run.sha256,
    times: dated.times,
    further,
    problems: [...dated.problems, ...further.flatMap((one) => ('because' in one ? [`${one.kind} is not signed: ${one.because}`] : []))],
  };
};

/** Where the signature of this key over this record lies, if it has signed it before. */
const signatureOf = async (statementPath: string, { run, signer }: { readonly run: TrainingRun; readonly signer: Signer }): Promise<string | undefined> => {
  const hint = toBase64(nodeCrypto.sha256(signer.publicKey.spki));
  return (await sealsOf(statementPath)).find(({ bytes }) => {
    const reading = readBundle(bytes);
    if (reading.kind === 'rejected') return false;
    const { signer: material, content } = reading.value;
    const isOurs = material.kind === 'key' && material.hint === hint && content.kind === 'dsse' && compareBytes(content.payload, run.payload) === 0;
    return isOurs && checkSignature(reading.value, signer.publicKey, nodeVerifySignature).kind === 'held';
  })?.path;
};

type Signing = Omit<SignRequest, 'statementPath' | 'also'> & { readonly run: TrainingRun; /** Where this key has signed the run before. */ readonly there: string | undefined };

type Added = { readonly bundlePath: string; readonly dated: Dated; readonly isNew: boolean };

/** A key signs a record once, and again only with a date: a second signature without one would say nothing new. */
const addSignature = async (statementPath: string, { run, signer, timeAuthorities, log, now, there }: Signing): Promise<Added> => {
  if (there !== undefined && timeAuthorities.length === 0) return { bundlePath: there, dated: NOT_DATED, isNew: false };
  const sealed = await signStatement(signer, run, nodeCrypto);
  const dated = timeAuthorities.length === 0 ? NOT_DATED : await (await import('./date-signature.ts')).dateSignature(sealed.signature, timeAuthorities);
  if (there !== undefined && dated.timestamps.length === 0) return { bundlePath: there, dated, isNew: false };
  const bundle = writeBundle({ ...sealed, timestamps: dated.timestamps });
  const bundlePath = await addSeal(statementPath, { name: `signed-${signer.publicKey.keyId.slice(0, 16)}`, bundle, publicKeyPem: pemOfPublicKey(signer.publicKey) });
  if (log) await leaveLeaf(statementPath, { run, sealed, bundle, now });
  return { bundlePath, dated, isNew: true };
};

const NOT_DATED: Dated = { timestamps: [], times: [], problems: [] };

/** The record, read and understood again. Throws TL0304, and TL0202 for one that a newer trainlock must judge. */
export const readRun = async (statementPath: string): Promise<TrainingRun> => {
  const reading = trainingRunStatement(await readBounded(statementPath, MAX_STATEMENT), nodeCrypto);
  if (reading.kind === 'accepted') return reading.value;
  if (reading.refusal === 'newer' || reading.refusal === 'not-understood')
    throw new TrainlockError('TL0202', `the record is not signed: ${reading.because}`, {
      where: statementPath,
      notes: reading.problems.map(({ message }) => message),
      fix: 'use a newer trainlock',
    });
  throw new TrainlockError('TL0304', `the record is not signed: ${reading.because}`, {
    where: statementPath,
    fix: `trainlock validate ${shellWord(statementPath)}   # names every problem`,
  });
};

type Event = { readonly run: TrainingRun; readonly sealed: SealedStatement; readonly bundle: Uint8Array; readonly now: string };

/** The leaf waits beside the record until the owner of a log takes it in; a record that is signed twice leaves two. */
export const leaveLeaf = async (statementPath: string, { run, sealed, bundle, now }: Event): Promise<void> => {
  const folder = besideStatement(statementPath, RUN_FILES.proofs);
  await makeOwnFolder(folder, 0o700);
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
  /** Set where the choice comes from a project's file: then it may only be a name. */
  readonly fromProject?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a person may be asked for a passphrase. */
  readonly mayAsk: boolean;
};

/** The key that signs statements; the default one is made on first use. Throws TL0001, TL1101 to TL1106. */
export const openStatementKey = async ({ key, fromProject, env, mayAsk }: KeyChoice): Promise<{ readonly signer: Signer; readonly made: boolean }> => {
  if (fromProject !== undefined && !isKeyName(key)) {
    throw new TrainlockError('TL1102', 'the file of a project may only name a key of the user, not a path or a token: whoever can change the project would choose what is opened', {
      where: `${fromProject} signing.key`,
      fix: 'say it in TRAINLOCK_KEY, or in the configuration of the user',
    });
  }
  const passphrase = mayAsk ? passphraseFrom(env) : passphraseFrom(env, async () => undefined);
  if (key === 'default') return firstKey(env, passphrase);
  const openLocal = (nameOrPath: string): Promise<Signer> => loadKey(nameOrPath, { env, passphrase, purpose: 'statements' });
  if (isKeyName(key)) return { signer: await openLocal(key), made: false };
  const { openSigner } = await import('./open-other-key.ts');
  return { signer: await openSigner(key, { environment: env, openLocal }), made: false };
};

/** The key that was named for this command, else that of the settings. */
export const chosenKey = (setting: Settings['key'], named?: string): Pick<KeyChoice, 'key' | 'fromProject'> => {
  if (named !== undefined) return { key: named };
  return setting.origin.kind === 'project' ? { key: setting.value, fromProject: setting.origin.file } : { key: setting.value };
};
