import { escapeControl, toHex } from '#base';
import { HISTORY_KINDS, type HistoryDocument, type HistoryKind, readHistory, wordOf } from '#history';
import type { PublicKey } from '#seal';
import { PREDICATE_TYPES } from '#statements';
import { judgeByTimes, personOf, type SignerAnswer, type TrustStanding } from '#trust';
import { type DocumentEvidence, type DocumentPorts, findDocument, keyOf, listedKeys, type Signatory, signatoryOf, timesOf } from './signed-document.ts';

export type HistoryEvidence = DocumentEvidence & {
  /** Public keys of this user: where there is no trust file, they count for what this user says, self-attested. */
  readonly own: readonly PublicKey[];
};

/** What a signed document of the folder of history turned out to be. `because` is one sentence for people. */
export type JudgedHistory =
  | {
      readonly kind: 'signed';
      readonly sha256: string;
      readonly document: HistoryDocument;
      readonly by: Signatory;
      /** listed: a trust file names the signer; self: a key of this user, which proves only that nobody else wrote it. */
      readonly known: 'listed' | 'self';
      readonly because: string;
    }
  /** It does not count. What it says is told where it could be read. */
  | { readonly kind: 'refused'; readonly because: string; readonly sha256?: string; readonly document?: HistoryDocument }
  /** Nobody knows here whether it counts. */
  | { readonly kind: 'unknown'; readonly because: string; readonly sha256?: string; readonly document?: HistoryDocument };

/**
 * Whether a document about the life of a record is that of a person whose key counts for it: the trust file must give the key its type
 * and time, for a promotion or deployment also the role deployer and the environment. A deployment may be the word of a machine. Never throws.
 */
export const judgeHistory = ({ signed, trust, authorities, own }: HistoryEvidence, ports: DocumentPorts): JudgedHistory => {
  const keys = trust.kind === 'local' ? own : listedKeys(trust);
  const found = findDocument(signed, { keys, kinds: HISTORY_KINDS, otherwise: 'tells nothing of the life of a record' }, ports);
  if (found.kind === 'refused') return found;
  const { finding } = found;
  const kind = found.statementKind as HistoryKind;
  const reading = readHistory(kind, finding.payload, ports.crypto);
  if (reading.kind === 'rejected') return { kind: 'refused', because: `the ${kind} cannot be read: ${reading.problems[0]!.pointer} ${reading.problems[0]!.message}` };
  const said = { sha256: toHex(ports.crypto.sha256(finding.payload)), document: reading.value };
  if (trust.kind !== 'accepted' && trust.kind !== 'local') return { kind: 'unknown', because: `whose word counts is not known here: ${trust.because}`, ...said };
  const key = keyOf(finding, 'statements');
  if (key.kind === 'unknown') return { ...key, ...said };
  const answer = judgeHistorySigner(reading.value, key.keyId, { trust, times: timesOf(finding, authorities, ports) });
  return { ...answer, ...said };
};

type Judging = { readonly trust: TrustStanding; readonly times: Parameters<typeof judgeByTimes>[1] };
type Signer = Pick<Extract<JudgedHistory, { readonly kind: 'signed' }>, 'kind' | 'by' | 'known' | 'because'>;

/** Whether a key counts for a document. Also asked before it signs: nothing is signed that would not count. */
export const judgeHistorySigner = (
  document: HistoryDocument,
  keyId: string,
  { trust, times }: Judging,
): Signer | { readonly kind: 'refused' | 'unknown'; readonly because: string } => {
  const { person: named } = wordOf(document);
  const by = { kind: 'key', keyId } as const;
  const statementType = PREDICATE_TYPES[document.kind];
  if (trust.kind === 'local') {
    // A key of this user counts for what this user says, of whatever kind; who the user is, nobody proves.
    const keys = trust.keys.map((key) => ({ ...key, statementTypes: [statementType] }));
    const answer = judgeByTimes({ trust: { kind: 'local', keys }, by, statementType }, times);
    if (answer.kind !== 'trusted') return { kind: answer.kind, because: answer.because };
    return {
      kind: 'signed',
      by: { person: named, isPerson: true, isAdmin: false, keyId },
      known: 'self',
      because: `${escapeControl(answer.signer.name)} is a key of this user: self-attested`,
    };
  }
  const scope = scopeOf(document);
  const answer = judgeByTimes({ trust, by, statementType, ...scope }, times);
  if (answer.kind !== 'trusted') return { kind: answer.kind, because: answer.because };
  const refused = refusalOf(answer, named, document.kind);
  if (refused !== undefined) return { kind: 'refused', because: refused };
  return { kind: 'signed', by: signatoryOf({ ...answer.signer, roles: answer.roles }, keyId), known: 'listed', because: answer.because };
};

/** Who puts a model into an environment has a role of its own, and may have it there only. */
const scopeOf = (document: HistoryDocument): { readonly role?: 'deployer'; readonly environment?: string } => {
  if (document.kind === 'promotion') return { role: 'deployer', environment: document.promotion.environment };
  return document.kind === 'deployment' ? { role: 'deployer', environment: document.deployment.environment } : {};
};

/** Why a signer whom the trust file names does not count all the same. */
const refusalOf = (answer: Extract<SignerAnswer, { readonly kind: 'trusted' }>, named: string, kind: HistoryKind): string | undefined => {
  const person = escapeControl(personOf(answer.signer));
  // Whether a gate was passed a machine knows as well as a person; what is to run a person decides.
  if (answer.signer.kind !== 'person' && kind !== 'deployment') return `${person} is a ${answer.signer.kind}, and only persons say this`;
  if (answer.roles.every((role) => role === 'auditor')) return `${person} is an auditor, and auditors write nothing`;
  return personOf(answer.signer) === named ? undefined : `it is signed by ${person} in the name of ${escapeControl(named)}`;
};
