/** A person takes an approval back: a further statement; the approval itself stays. */
import { escapeControl, TrainlockError } from '#base';
import type { Settings } from '#config';
import { nodeCrypto } from '#files';
import { withdrawalStatement } from '#statements';
import { filedApprovals } from './approvals/judged-approvals.ts';
import { withdrawerOfKey } from './approvals/person-of-key.ts';
import { type EnteredLeaves, enterLeaves } from './enter-leaves.ts';
import { addDocument } from './signed-documents/document-files.ts';
import { openDocumentSigner, type SignerChoice } from './signed-documents/document-signer.ts';
import { standingOf } from './trust-file/standing-of.ts';

export type WithdrawOptions = SignerChoice & {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly workingDirectory: string;
  readonly settings: Pick<Settings, 'log'>;
  /** First letters of the digest of the approval, 6 or more. */
  readonly approval: string;
  readonly reason: string;
};

export type Withdrawn = { readonly path: string; readonly approvalSha256: string; readonly person: string; readonly logged?: EnteredLeaves };

/** Throws TL0001 where no approval of this person has the digest, TL1303 where the withdrawal would not count, TL1101 to TL1106, TL0003. */
export const withdrawApproval = async (options: WithdrawOptions): Promise<Withdrawn> => {
  const { projectRoot, storeFolder, workingDirectory, env, settings, approval, reason } = options;
  const now = new Date().toISOString();
  const trust = await standingOf({ projectRoot, workingDirectory, env, now });
  const letters = /^[0-9a-f]{6,64}$/.test(approval) ? approval : undefined;
  const found = (await filedApprovals(projectRoot, trust, now)).flatMap(({ judged }) =>
    (judged.kind === 'approval' || judged.kind === 'policy-approval') && letters !== undefined && judged.sha256.startsWith(letters) ? [judged] : [],
  );
  const [one, ...more] = found;
  if (one === undefined || more.length > 0) {
    throw new TrainlockError('TL0001', one === undefined ? `there is no approval ${escapeControl(approval)}` : `more than one approval begins with ${approval}`, {
      fix: 'trainlock approve list',
    });
  }
  const approver = await openDocumentSigner(options);
  const person = withdrawerOfKey(approver.publicKey.keyId, trust);
  if (person !== one.by.person)
    throw new TrainlockError('TL1303', `this withdrawal would not count: the approval is that of ${escapeControl(one.by.person)}`, {
      fix: 'sign with a key of that person: --key NAME',
    });
  const built = withdrawalStatement({ approvalSha256: one.sha256, person, reason, withdrawnAt: now }, nodeCrypto);
  if (built.kind === 'rejected')
    throw new TrainlockError('TL0001', `this is no withdrawal: ${built.problems[0]!.pointer} ${built.problems[0]!.message}`, { fix: 'trainlock help approve withdraw' });
  const signed = await approver.sign(built.value);
  const event = { kind: 'withdrawal', object: { type: 'approval', id: one.sha256 }, time: now } as const;
  const path = await addDocument(projectRoot, 'approvals', { payload: built.value.payload, signed, publicKey: approver.publicKey, event });
  const logged = settings.log.value === 'off' ? undefined : await enterLeaves({ statementPaths: [path], storeRoot: storeFolder, env });
  return { path, approvalSha256: one.sha256, person, ...(logged === undefined ? {} : { logged }) };
};
