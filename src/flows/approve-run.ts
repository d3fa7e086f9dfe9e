/** A person approves a change from one run to another: a signed statement beside the policy, and an event in the log. */
import { escapeControl, shellWord, TrainlockError } from '#base';
import { nodeCrypto } from '#files';
import { type Approval, approvalStatement } from '#statements';
import { personOf, type TrustedSigner } from '#trust';
import { approverOfKey } from './approvals/person-of-key.ts';
import { type ChangeHere, changeHere, type ChangePlace } from './policy/change-here.ts';
import { type DocumentSigner, openDocumentSigner } from './signed-documents/document-signer.ts';
import { type FiledDocument, fileDocument, type SigningPlace } from './signed-documents/file-document.ts';
import { standingOf } from './trust-file/standing-of.ts';

export type ApproveOptions = Omit<ChangePlace, 'trust' | 'baseline' | 'candidate'> &
  SigningPlace & {
    /** As the person called them; without a baseline the candidate follows nothing. */
    readonly baseline?: string;
    readonly candidate: string;
    readonly role: Approval['role'];
    readonly meaning: Approval['meaning'];
    readonly reason: string;
    /** How long it counts; without an end, if nothing is said. */
    readonly days?: number;
  };

/** What would be approved, before anybody signs. */
export type PlannedApproval = { readonly here: ChangeHere; readonly person: string; readonly sign: () => Promise<SignedApproval> };

export type SignedApproval = FiledDocument & { readonly person: string; readonly expiresAt?: string };

const DAY_MS = 86_400_000;

/**
 * Looks at the change and at who would approve it. Throws TL1303 where the approval could not count: nobody knows the key, it does not have
 * the role, or the person took part in the change. Throws as changeHere does, and TL1101 to TL1106 for the key.
 */
export const planApproval = async (options: ApproveOptions): Promise<PlannedApproval> => {
  const { projectRoot, workingDirectory, env, role, environment } = options;
  const trust = await standingOf({ projectRoot, workingDirectory, env, now: new Date().toISOString() });
  const here = await changeHere({ ...options, trust });
  const approver = await openDocumentSigner(options);
  const { keyId } = approver.publicKey;
  if (trust.kind === 'accepted') refuseUnmendable(trust.trust.keys.get(keyId)?.signer, options, here);
  const person = approverOfKey(keyId, trust, { role, environment, isDated: approver.isDated });
  refuseVain(person, options, here);
  return { here, person, sign: () => signApproval(options, { here, person, approver }) };
};

type Asked = Pick<ApproveOptions, 'role' | 'meaning' | 'actors' | 'environment'>;

/** What no right of the signer mends comes first, so that nobody widens rights in vain. */
const refuseUnmendable = (signer: TrustedSigner | undefined, asked: Asked, here: ChangeHere): void => {
  const { policy, actors, decision, baseline, candidate } = here;
  if (baseline?.manifestSha256 === candidate.manifestSha256)
    throw new TrainlockError('TL0001', 'a run is not approved against itself', { fix: 'trainlock list   # name the run that counts until then with --against' });
  // A review decides nothing, and so everybody with the role may give one.
  if (asked.meaning === 'review') return;
  const person = signer === undefined ? undefined : personOf(signer);
  if (!policy.isSolo && person !== undefined && actors.includes(person)) throw vain(`${escapeControl(person)} took part in making the change`, asked, here);
  if (!policy.isSolo && actors.length === 0) throw vain('nobody knows who made the change: say who with --actor', asked, here);
  if (!decision.rules.some(({ requirements }) => requirements.some(({ roles }) => roles.includes(asked.role))))
    throw vain(`no rule asks the role ${asked.role} about this change`, asked, here);
};

/** An approval that cannot count misleads whoever gives it. */
const refuseVain = (person: string, asked: Asked, here: ChangeHere): void => {
  const { roles, isSolo } = here.policy;
  if (roles.get(asked.role)?.includes(person) !== true) throw vain(`the policy does not give ${escapeControl(person)} the role ${asked.role}`, asked, here);
  if (asked.meaning !== 'review' && !isSolo && roles.get('admin')?.includes(person) === true)
    throw vain(`${escapeControl(person)} is an admin, and admins neither approve nor deploy`, asked, here);
};

const vain = (because: string, { actors, environment }: Asked, { baseline, candidate }: ChangeHere): TrainlockError => {
  const flags = [
    ...(environment === undefined ? [] : [`--environment ${shellWord(escapeControl(environment))}`]),
    ...actors.map((name) => `--actor ${shellWord(escapeControl(name))}`),
  ];
  const command = ['trainlock policy explain', baseline?.runId.slice(0, 8) ?? 'none', candidate.runId.slice(0, 8), ...flags].join(' ');
  return new TrainlockError('TL1303', `this approval would not count: ${because}`, { fix: `${command}   # says who may approve` });
};

type Planned = { readonly here: ChangeHere; readonly person: string; readonly approver: DocumentSigner };

const signApproval = async (options: ApproveOptions, { here, person, approver }: Planned): Promise<SignedApproval> => {
  const { role, meaning, reason, days, environment } = options;
  const now = new Date();
  const expiresAt = days === undefined ? undefined : new Date(now.getTime() + days * DAY_MS).toISOString();
  const { baseline, candidate, differenceSha256, policy } = here;
  const built = approvalStatement(
    {
      change: {
        ...(baseline === undefined ? {} : { baseline: { runId: baseline.runId, manifestSha256: baseline.manifestSha256 } }),
        candidate: { runId: candidate.runId, manifestSha256: candidate.manifestSha256 },
        differenceSha256,
        policySha256: policy.sha256,
        ...(environment === undefined ? {} : { environment }),
      },
      role,
      meaning,
      person,
      reason,
      approvedAt: now.toISOString(),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    },
    nodeCrypto,
  );
  if (built.kind === 'rejected')
    throw new TrainlockError('TL0001', `this is no approval: ${built.problems[0]!.pointer} ${built.problems[0]!.message}`, { fix: 'trainlock help approve' });
  const event = { kind: 'approval', object: { type: 'run', id: candidate.runId }, time: now.toISOString() } as const;
  return { ...(await fileDocument(built.value, { signer: approver, place: 'approvals', event }, options)), person, ...(expiresAt === undefined ? {} : { expiresAt }) };
};
