/** A person takes an approval or an exception back: a further statement; what it takes back stays. */
import { escapeControl, TrainlockError } from '#base';
import { nodeCrypto } from '#files';
import { withdrawalStatement } from '#statements';
import { filedApprovals } from './approvals/judged-approvals.ts';
import { withdrawerOfKey } from './approvals/person-of-key.ts';
import { filedExceptions } from './exceptions/filed-exceptions.ts';
import { openDocumentSigner } from './signed-documents/document-signer.ts';
import { type FiledDocument, fileDocument, type SigningPlace } from './signed-documents/file-document.ts';
import { oneByDigest } from './signed-documents/one-by-digest.ts';
import { standingOf } from './trust-file/standing-of.ts';

export type WithdrawOptions = SigningPlace & {
  readonly what: 'approval' | 'exception';
  /** First letters of its digest, 6 or more. */
  readonly digest: string;
  readonly reason: string;
};

/** Of what was taken back the digest, and where the withdrawal lies. */
export type Withdrawn = FiledDocument & { readonly person: string };

const VERBS = { approval: 'approve', exception: 'exception' } as const;

/** Throws TL0001 where nothing of this person has the digest, TL1303 where the withdrawal would not count, TL1101 to TL1106, TL0003. */
export const withdrawWord = async (options: WithdrawOptions): Promise<Withdrawn> => {
  const { projectRoot, workingDirectory, env, what, digest, reason } = options;
  const now = new Date().toISOString();
  const trust = await standingOf({ projectRoot, workingDirectory, env, now });
  const all = what === 'approval' ? await filedApprovals(projectRoot, trust, now) : await filedExceptions(projectRoot, trust);
  const given = all.flatMap(({ judged }) => (judged.kind === 'approval' || judged.kind === 'policy-approval' || judged.kind === 'exception' ? [judged] : []));
  const one = oneByDigest(given, digest, { what, fix: `trainlock ${VERBS[what]} list` });
  const approver = await openDocumentSigner(options);
  const person = withdrawerOfKey(approver.publicKey.keyId, trust);
  if (person !== one.by.person)
    throw new TrainlockError('TL1303', `this withdrawal would not count: the ${what} is that of ${escapeControl(one.by.person)}`, {
      fix: 'sign with a key of that person: --key NAME',
    });
  const built = withdrawalStatement({ approvalSha256: one.sha256, person, reason, withdrawnAt: now }, nodeCrypto);
  if (built.kind === 'rejected')
    throw new TrainlockError('TL0001', `this is no withdrawal: ${built.problems[0]!.pointer} ${built.problems[0]!.message}`, { fix: `trainlock help ${VERBS[what]} withdraw` });
  const event = { kind: 'withdrawal', object: { type: what, id: one.sha256 }, time: now } as const;
  return { ...(await fileDocument(built.value, { signer: approver, place: `${what}s`, event }, options)), sha256: one.sha256, person };
};
