/** A person takes an approval or an exception back: a further statement; what it takes back stays. */
import { escapeControl, TrainlockError } from '#base';
import type { Settings } from '#config';
import { nodeCrypto } from '#files';
import { withdrawalStatement } from '#statements';
import { filedApprovals } from './approvals/judged-approvals.ts';
import { withdrawerOfKey } from './approvals/person-of-key.ts';
import { filedExceptions } from './exceptions/filed-exceptions.ts';
import { type EnteredLeaves, enterLeaves } from './enter-leaves.ts';
import { addDocument } from './signed-documents/document-files.ts';
import { openDocumentSigner, type SignerChoice } from './signed-documents/document-signer.ts';
import { standingOf } from './trust-file/standing-of.ts';

export type WithdrawOptions = SignerChoice & {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly workingDirectory: string;
  readonly settings: Pick<Settings, 'log'>;
  readonly what: 'approval' | 'exception';
  /** First letters of its digest, 6 or more. */
  readonly digest: string;
  readonly reason: string;
};

export type Withdrawn = { readonly path: string; readonly sha256: string; readonly person: string; readonly logged?: EnteredLeaves };

const VERBS = { approval: 'approve', exception: 'exception' } as const;

/** Throws TL0001 where nothing of this person has the digest, TL1303 where the withdrawal would not count, TL1101 to TL1106, TL0003. */
export const withdrawWord = async (options: WithdrawOptions): Promise<Withdrawn> => {
  const { projectRoot, storeFolder, workingDirectory, env, settings, what, digest, reason } = options;
  const now = new Date().toISOString();
  const trust = await standingOf({ projectRoot, workingDirectory, env, now });
  const letters = /^[0-9a-f]{6,64}$/.test(digest) ? digest : undefined;
  const all = what === 'approval' ? await filedApprovals(projectRoot, trust, now) : await filedExceptions(projectRoot, trust);
  const found = all.flatMap(({ judged }) =>
    (judged.kind === 'approval' || judged.kind === 'policy-approval' || judged.kind === 'exception') && letters !== undefined && judged.sha256.startsWith(letters) ? [judged] : [],
  );
  const [one, ...more] = found;
  if (one === undefined || more.length > 0) {
    throw new TrainlockError('TL0001', one === undefined ? `there is no ${what} ${escapeControl(digest)}` : `more than one ${what} begins with ${digest}`, {
      fix: `trainlock ${VERBS[what]} list`,
    });
  }
  const approver = await openDocumentSigner(options);
  const person = withdrawerOfKey(approver.publicKey.keyId, trust);
  if (person !== one.by.person)
    throw new TrainlockError('TL1303', `this withdrawal would not count: the ${what} is that of ${escapeControl(one.by.person)}`, {
      fix: 'sign with a key of that person: --key NAME',
    });
  const built = withdrawalStatement({ approvalSha256: one.sha256, person, reason, withdrawnAt: now }, nodeCrypto);
  if (built.kind === 'rejected')
    throw new TrainlockError('TL0001', `this is no withdrawal: ${built.problems[0]!.pointer} ${built.problems[0]!.message}`, { fix: `trainlock help ${VERBS[what]} withdraw` });
  const signed = await approver.sign(built.value);
  const event = { kind: 'withdrawal', object: { type: what, id: one.sha256 }, time: now } as const;
  const path = await addDocument(projectRoot, `${what}s`, { payload: built.value.payload, signed, publicKey: approver.publicKey, event });
  const logged = settings.log.value === 'off' ? undefined : await enterLeaves({ statementPaths: [path], storeRoot: storeFolder, env });
  return { path, sha256: one.sha256, person, ...(logged === undefined ? {} : { logged }) };
};
