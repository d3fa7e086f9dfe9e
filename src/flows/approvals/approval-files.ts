import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex, TrainlockError, utf8 } from '#base';
import { makeOwnFolder, nodeCrypto, readBoundedIfThere, writeOnce } from '#files';
import { pemOfPublicKey, type PublicKey } from '#seal';
import { besideStatement, RUN_FILES } from '#store';
import { type Leaf, writeLeaf } from '#tlog';

/** Approvals lie beside the policy, laid out like records that git keeps: statement, bundle, key of the signer, leaf and proof. */
const approvalsFolder = (projectRoot: string): string => join(projectRoot, '.trainlock', 'approvals');

const NAME = /^[0-9a-f]{16}\.statement\.json$/;
/** Most approvals of one project that are looked at. */
const MOST = 10_000;
/** An approval is short. Unit: byte. */
const MAX_BUNDLE = 256 * 1024;

/** The statements of approvals and withdrawals of a project. Never throws. */
export const approvalStatements = async (projectRoot: string): Promise<readonly string[]> => {
  const folder = approvalsFolder(projectRoot);
  // A link leads to files of others.
  if ((await lstat(folder).catch(() => undefined))?.isSymbolicLink() === true) return [];
  const names = (await readdir(folder).catch(() => [])).filter((name) => NAME.test(name)).toSorted();
  return names.slice(0, MOST).map((name) => join(folder, name));
};

/** The bundle over a statement; undefined if there is none, or it cannot be read. Never throws. */
export const approvalBundle = (statementPath: string): Promise<Uint8Array | undefined> =>
  readBoundedIfThere(besideStatement(statementPath, RUN_FILES.bundle), MAX_BUNDLE).catch(() => undefined);

export type NewApproval = {
  readonly payload: Uint8Array;
  readonly bundle: Uint8Array;
  readonly signature: Uint8Array;
  readonly publicKey: PublicKey;
  readonly event: Pick<Leaf, 'kind' | 'object' | 'time'>;
};

/** Lays a signed statement into the folder, with a leaf that waits for the log. The statement comes last: with it the approval is there. Throws TL0003. */
export const addApproval = async (projectRoot: string, { payload, bundle, signature, publicKey, event }: NewApproval): Promise<string> => {
  const folder = approvalsFolder(projectRoot);
  await makeOwnFolder(folder, 0o755);
  const sha256 = toHex(nodeCrypto.sha256(payload));
  const statementPath = join(folder, `${sha256.slice(0, 16)}.${RUN_FILES.statement}`);
  if (!(await writeOnce(besideStatement(statementPath, RUN_FILES.bundle), bundle)))
    throw new TrainlockError('TL0003', 'this very approval is there already', { where: statementPath });
  await writeOnce(besideStatement(statementPath, RUN_FILES.signer), utf8(pemOfPublicKey(publicKey)));
  const proofs = besideStatement(statementPath, RUN_FILES.proofs);
  await makeOwnFolder(proofs, 0o755);
  const leaf = writeLeaf({ version: 1, ...event, payloadSha256: sha256, bundleSha256: toHex(nodeCrypto.sha256(bundle)) });
  await writeOnce(join(proofs, `signed-${toHex(nodeCrypto.sha256(signature)).slice(0, 16)}.leaf`), leaf);
  await writeOnce(statementPath, payload);
  return statementPath;
};
