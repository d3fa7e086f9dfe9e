/** Signs the files of a folder (a model, a data set) in the format of OpenSSF Model Signing, so that others need no trainlock to check them. */
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { countOf, escapeControl, TrainlockError } from '#base';
import type { Settings } from '#config';
import { hashFiles, nodeCrypto, type OnProgress, walkFolder, writeAtomic } from '#files';
import { signStatement } from '#keys';
import { pemOfPublicKey, writeBundle } from '#seal';
import { ALWAYS_IGNORED, hintForModelSigning, modelStatement } from '#statements';
import { chosenKey, openStatementKey } from './sign-record.ts';

export type FolderRequest = {
  readonly workingDirectory: string;
  /** A folder, or a single file. */
  readonly folder: string;
  /** Where the signature is written; model.sig in the folder, or <file>.sig beside a file, if nothing is said. */
  readonly out?: string;
  readonly settings: Pick<Settings, 'key'>;
  /** Another key than that of the settings. */
  readonly key?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onProgress?: OnProgress;
};

export type SignedFolder = { readonly path: string; readonly fileCount: number; readonly keyId: string; readonly publicKeyPem: string };

/**
 * Hashes and signs. Throws TL0002 for a folder that cannot be signed whole: a file that cannot be read or that changed meanwhile, a
 * link (the format has none), a name that the format cannot say.
 */
export const signFolder = async ({ workingDirectory, folder, out, settings, key, env, onProgress }: FolderRequest): Promise<SignedFolder> => {
  const place = resolve(workingDirectory, folder);
  const isFile = await stat(place).then(
    (facts) => facts.isFile(),
    (error: unknown) => {
      throw refused(place, ['it is not there'], error);
    },
  );
  const path = out === undefined ? (isFile ? `${place}.sig` : join(place, 'model.sig')) : resolve(workingDirectory, out);
  const names = isFile ? ['.'] : await namesIn(place, path);
  const files = await digestsOf(place, names, onProgress);
  const own = isFile ? '' : relative(place, path);
  const reading = modelStatement({ name: basename(place), files, ...(own === '' || own.startsWith('..') ? {} : { ignorePaths: [own] }) }, nodeCrypto);
  if (reading.kind === 'rejected')
    throw refused(
      place,
      reading.problems.map(({ pointer, message }) => `${pointer}: ${message}`),
    );
  const { signer } = await openStatementKey({ ...chosenKey(settings.key, key), env, mayAsk: true });
  const publicKeyPem = pemOfPublicKey(signer.publicKey);
  const sealed = await signStatement(signer, reading.value, nodeCrypto);
  await writeAtomic(path, writeBundle({ ...sealed, signer: { kind: 'key', hint: hintForModelSigning(publicKeyPem, nodeCrypto) } }));
  return { path, fileCount: files.length, keyId: signer.publicKey.keyId, publicKeyPem };
};

const refused = (place: string, notes: readonly string[], cause?: unknown): TrainlockError =>
  new TrainlockError('TL0002', `${escapeControl(basename(place))} is not signed: not everything in it can be`, {
    where: place,
    notes: notes.slice(0, 10).map((note) => escapeControl(note)),
    fix: 'mend or move what is named above, then sign again',
    ...(cause === undefined ? {} : { cause }),
  });

/** Names below the folder, without the signature itself and what the format never looks at. */
const namesIn = async (place: string, signature: string): Promise<readonly string[]> => {
  const walk = await walkFolder(place, { ignore: (name) => ALWAYS_IGNORED.includes(name) || join(place, name) === signature });
  const problems = [
    ...walk.findings.map(({ path, kind, reason }) => `${path}: ${kind}${reason === undefined ? '' : `, ${reason}`}`),
    ...walk.files.flatMap(({ path, raw }) => (raw === undefined ? [] : [`${path}: the name is not UTF-8`])),
  ];
  if (problems.length > 0) throw refused(place, problems);
  if (walk.files.length === 0) throw refused(place, ['there is no file in it']);
  return walk.files.map(({ path }) => path);
};

const digestsOf = async (place: string, names: readonly string[], onProgress?: OnProgress): Promise<readonly { readonly path: string; readonly sha256: string }[]> => {
  const facts = await hashFiles(
    names.map((name) => ({ path: name === '.' ? place : join(place, name) })),
    onProgress === undefined ? {} : { onProgress },
  );
  const real = await realpath(place);
  const found = await Promise.all(
    facts.map(async (fact, at) => {
      const name = names[at]!;
      const because = await problemOf(fact, name === '.' ? real : join(real, name));
      return { name, because, sha256: fact.sha256 ?? '' };
    }),
  );
  const problems = found.flatMap(({ name, because }) => (because === undefined ? [] : [`${name}: ${because}`]));
  if (problems.length > 0)
    throw refused(dirname(real) === real ? place : real, [...problems, ...(problems.length > 10 ? [`and more: ${countOf(problems.length, 'problem')}`] : [])]);
  return found.map(({ name, sha256 }) => ({ path: name, sha256 }));
};

type Facts = Awaited<ReturnType<typeof hashFiles>>[number];

/** A file reached through a link lies elsewhere: the format would sign what is not in the folder. */
const problemOf = async (fact: Facts, expected: string): Promise<string | undefined> => {
  if (fact.sha256 === undefined) return fact.reason ?? fact.kind;
  if (fact.changed === true) return 'it changed while it was read';
  return (await realpath(fact.path)) === expected ? undefined : 'it is reached through a link';
};
