import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compareBytes, shellWord, toHex, TrainlockError, utf8 } from '#base';
import { makeOwnFolder, nodeCrypto, readBoundedIfThere, writeOnce } from '#files';
import { pemOfPublicKey, type PublicKey } from '#seal';
import { besideStatement, RUN_FILES } from '#store';
import { type Leaf, writeLeaf } from '#tlog';

/** What persons have signed lies beside the policy, laid out like records that git keeps: statement, bundle, key of the signer, leaf and proof. */
export type DocumentPlace = 'approvals' | 'exceptions' | 'history';

const folderOf = (projectRoot: string, place: DocumentPlace): string => join(projectRoot, '.trainlock', place);

const NAME = /^([0-9a-f]{16})\.statement\.(?:json|json\.sig|sigstore\.json)$/;
/** Most documents of one folder that are looked at. */
const MOST = 10_000;
/** A word of a person is short. Unit: byte. */
export const MAX_SIGNED = 256 * 1024;

/** The statements of a folder, and why there may be more of them. Never throws. */
export const documentStatements = async (
  projectRoot: string,
  place: DocumentPlace,
): Promise<{ readonly paths: readonly string[]; readonly unread?: { readonly path: string; readonly because: string } }> => {
  const folder = folderOf(projectRoot, place);
  const unread = (because: string): Awaited<ReturnType<typeof documentStatements>> => ({ paths: [], unread: { path: folder, because } });
  try {
    // A link leads to files of others.
    if ((await lstat(folder)).isSymbolicLink()) return unread('it is a link, and leads to files of others');
    // A signature without its statement may be one whose statement somebody took away.
    const names = new Set((await readdir(folder)).flatMap((name) => NAME.exec(name)?.[1] ?? []));
    if (names.size > MOST) return unread(`it holds more than ${MOST} documents`);
    return { paths: [...names].toSorted().map((name) => join(folder, `${name}.${RUN_FILES.statement}`)) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { paths: [] } : unread(code === 'EACCES' ? 'no permission' : `the system said ${code ?? 'nothing'}`);
  }
};

/** Every statement that persons have signed in a project. Never throws. */
export const allDocumentStatements = async (projectRoot: string): Promise<readonly string[]> =>
  (await Promise.all((['approvals', 'exceptions', 'history'] as const).map((place) => documentStatements(projectRoot, place)))).flatMap(({ paths }) => paths);

/** What SSH has signed lies beside the statement under this name. */
const SSH_SIGNATURE = 'statement.json.sig';
/** Unit: byte. */
export const MAX_SSH_SIGNATURE = 16 * 1024;

/** A signed document as bytes, wherever they lie. Hostile. */
export type DocumentBytes = {
  /** Of its statement. */
  readonly path: string;
  readonly statement?: Uint8Array;
  readonly bundle?: Uint8Array;
  /** Of ssh-keygen, in its armour. */
  readonly sshSignature?: string;
};

/** The statement and what is signed over it, as they lie there; what is not there, or cannot be read, is missing. Never throws. */
export const documentBytes = async (statementPath: string): Promise<DocumentBytes> => {
  const read = (path: string, maxBytes: number): Promise<Uint8Array | undefined> => readBoundedIfThere(path, maxBytes).catch(() => undefined);
  const statement = await read(statementPath, MAX_SIGNED);
  const bundle = await read(besideStatement(statementPath, RUN_FILES.bundle), MAX_SIGNED);
  const signature = await read(besideStatement(statementPath, SSH_SIGNATURE), MAX_SSH_SIGNATURE);
  return {
    path: statementPath,
    ...(statement === undefined ? {} : { statement }),
    ...(bundle === undefined ? {} : { bundle }),
    ...(signature === undefined ? {} : { sshSignature: Buffer.from(signature).toString('latin1') }),
  };
};

export type NewDocument = {
  readonly payload: Uint8Array;
  /** What is signed over it: a bundle, or what ssh-keygen wrote. */
  readonly signed: { readonly kind: 'bundle' | 'ssh'; readonly bytes: Uint8Array };
  readonly publicKey: PublicKey;
  readonly event: Pick<Leaf, 'kind' | 'object' | 'time'>;
};

/** Whether the statement beside a signature is the one that was signed, under the name of its digest: people read that file. */
export const isStatementOf = ({ path, statement }: DocumentBytes, payload: Uint8Array): boolean =>
  statement !== undefined && compareBytes(statement, payload) === 0 && path.endsWith(`${toHex(nodeCrypto.sha256(payload)).slice(0, 16)}.${RUN_FILES.statement}`);

/** Lays a signed statement into a folder, with a leaf that waits for the log. The statement comes last: with it the document is there. Throws TL0003. */
export const addDocument = async (projectRoot: string, place: DocumentPlace, document: NewDocument): Promise<string> => {
  const folder = folderOf(projectRoot, place);
  try {
    return await write(folder, document);
  } catch (error) {
    if (error instanceof TrainlockError && error.code !== 'TL0003') throw error;
    throw new TrainlockError('TL0003', `the ${document.event.kind} cannot be kept: ${error instanceof Error ? error.message : String(error)}`, {
      where: folder,
      fix: `look who may write there: ls -ld ${shellWord(folder)}`,
      cause: error,
    });
  }
};

const write = async (folder: string, { payload, signed, publicKey, event }: NewDocument): Promise<string> => {
  await makeOwnFolder(folder, 0o755);
  const sha256 = toHex(nodeCrypto.sha256(payload));
  const statementPath = join(folder, `${sha256.slice(0, 16)}.${RUN_FILES.statement}`);
  const signature = besideStatement(statementPath, signed.kind === 'ssh' ? SSH_SIGNATURE : RUN_FILES.bundle);
  if (!(await writeOnce(signature, signed.bytes))) throw new TrainlockError('TL0003', `this very ${event.kind} is there already`, { where: statementPath });
  await writeOnce(besideStatement(statementPath, RUN_FILES.signer), utf8(pemOfPublicKey(publicKey)));
  const proofs = besideStatement(statementPath, RUN_FILES.proofs);
  await makeOwnFolder(proofs, 0o755);
  const bundleSha256 = toHex(nodeCrypto.sha256(signed.bytes));
  await writeOnce(join(proofs, `signed-${bundleSha256.slice(0, 16)}.leaf`), writeLeaf({ version: 1, ...event, payloadSha256: sha256, bundleSha256 }));
  await writeOnce(statementPath, payload);
  return statementPath;
};
