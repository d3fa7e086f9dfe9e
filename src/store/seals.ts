import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compareBytes, TrainlockError, utf8 } from '#base';
import { makeOwnFolder, readBounded, readBoundedIfThere, writeOnce } from '#files';
import { MAX_STATEMENT } from './finish-run.ts';
import { RUN_FILES } from './store-layout.ts';

/** A signed document beside a record. The bytes are hostile until `#seal` has read them. */
export type StoredSeal = {
  readonly name: string;
  readonly path: string;
  readonly bytes: Uint8Array;
  /** One of those below seals/: a further signature, or a further statement. */
  readonly isFurther: boolean;
};

/** What lies beside a statement: in its run folder, or with the same beginning of the name among kept records; beside a file with another name, nothing of ours. */
export const besideStatement = (statementPath: string, name: string): string =>
  `${statementPath.endsWith(RUN_FILES.statement) ? statementPath.slice(0, -RUN_FILES.statement.length) : `${statementPath}.`}${name}`;

/** Largest bundle that is read: a statement in base64 with what stands around it. Unit: byte. */
const MAX_BUNDLE: number = MAX_STATEMENT * 1.5;
/** Most bundles of one record that are looked at. */
const MAX_SEALS = 256;
/** Most bytes of further bundles that are held at once. */
const MAX_TOTAL = 96 * 1024 * 1024;

const SEAL_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}\.sigstore\.json$/;

export type NewSeal = {
  /** Says what is signed, or who signed; a plain word. */
  readonly name: string;
  readonly bundle: Uint8Array;
  /** PEM of the key, for those who know none. */
  readonly publicKeyPem?: string;
};

/**
 * Saves a bundle over the statement of a run. The first one lies beside the statement, with the public key; each further one gets
 * a name of its own below seals/. Nothing that is there is replaced. Answers with the path. Throws TL0003 if it cannot be written.
 */
export const addSeal = async (statementPath: string, seal: NewSeal): Promise<string> => {
  const first = besideStatement(statementPath, RUN_FILES.bundle);
  const there = await readBoundedIfThere(first, MAX_BUNDLE);
  if (there !== undefined && compareBytes(there, seal.bundle) === 0) return first;
  if (there === undefined && (await writeOnce(first, seal.bundle, 0o600))) {
    if (seal.publicKeyPem !== undefined) await writeOnce(besideStatement(statementPath, RUN_FILES.signer), utf8(seal.publicKeyPem), 0o600);
    return first;
  }
  return addFurtherSeal(statementPath, seal);
};

/** Saves a further signed document below seals/; where the name is taken by other bytes it gets a number. */
export const addFurtherSeal = async (statementPath: string, { name, bundle }: NewSeal): Promise<string> => {
  const below = besideStatement(statementPath, RUN_FILES.seals);
  await makeOwnFolder(below, 0o700);
  for (let number = 1; number <= MAX_SEALS; number += 1) {
    const path = join(below, `${name}${number === 1 ? '' : `.${number}`}.sigstore.json`);
    if (await writeOnce(path, bundle, 0o600)) return path;
    const there = await readBoundedIfThere(path, MAX_BUNDLE);
    if (there !== undefined && compareBytes(there, bundle) === 0) return path;
  }
  throw new TrainlockError('TL0003', `the record has ${MAX_SEALS} documents with the name ${name} already`, { where: below });
};

/** Every bundle beside a record, the first signature first; none if it is not signed. Throws TL0002 if one cannot be read. */
export const sealsOf = async (statementPath: string): Promise<readonly StoredSeal[]> => {
  const first = besideStatement(statementPath, RUN_FILES.bundle);
  const bytes = await readBoundedIfThere(first, MAX_BUNDLE);
  const below = besideStatement(statementPath, RUN_FILES.seals);
  const names = (await readdir(below).catch(() => [])).filter((name) => SEAL_NAME.test(name)).toSorted();
  const others: StoredSeal[] = [];
  let left = MAX_TOTAL;
  for (const name of names.slice(0, MAX_SEALS)) {
    const found = { name, path: join(below, name), bytes: await readBounded(join(below, name), Math.min(MAX_BUNDLE, left)), isFurther: true };
    left -= found.bytes.length;
    others.push(found);
  }
  return [...(bytes === undefined ? [] : [{ name: RUN_FILES.bundle, path: first, bytes, isFurther: false }]), ...others];
};

/** The public key that lies beside a record; undefined if none does. Hostile until it is read. */
export const signerKeyOf = (statementPath: string): Promise<Uint8Array | undefined> => readBoundedIfThere(besideStatement(statementPath, RUN_FILES.signer), 65_536);
