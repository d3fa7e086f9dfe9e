import { escapeControl, type Reading, TrainlockError } from '#base';
import { probeParticipant } from '#capture';
import { nodeCrypto } from '#files';
import { type HistoryDocument, objectOfHistory, wordOf } from '#history';
import { amendmentStatement, type BuiltStatement, deploymentStatement, deprecationStatement, promotionStatement, remediationStatement, reversionStatement } from '#statements';
import { personOf, type TrustStanding } from '#trust';
import { judgeHistorySigner } from '#verify';
import { type DocumentSigner, openDocumentSigner } from '../signed-documents/document-signer.ts';
import { type FiledDocument, fileDocument, type SigningPlace } from '../signed-documents/file-document.ts';
import { addRightCommand } from '../trust-file/add-right-command.ts';
import { historyTrust, type HistoryPlace } from './filed-history.ts';

export type SayOptions = HistoryPlace & SigningPlace;

/** Who speaks, with which key. */
export type Speaker = {
  readonly person: string;
  readonly signer: DocumentSigner;
  readonly trust: TrustStanding;
};

export type Said = FiledDocument & { readonly person: string; readonly at: string };

/** Opens the key, and finds whose it is: by the trust file, or without one by what records would have. Throws TL1101 to TL1106. */
export const openSpeaker = async (options: SayOptions): Promise<Speaker> => {
  const trust = await historyTrust(options);
  const signer = await openDocumentSigner(options);
  const listed = trust.kind === 'accepted' ? trust.trust.keys.get(signer.publicKey.keyId)?.signer : undefined;
  return { person: listed === undefined ? await participantHere(options) : personOf(listed), signer, trust };
};

const participantHere = async ({ projectRoot, env }: HistoryPlace): Promise<string> => {
  const probe = await probeParticipant({ directory: projectRoot, environment: env });
  const { email, name } = probe.kind === 'seen' ? probe.value : { email: undefined, name: undefined };
  return (email ?? name ?? 'nobody knows').slice(0, 200);
};

/** Nothing is signed that would not count. Throws TL1501, and TL0001 for a document that the schema does not allow. */
export const checkWord = (document: HistoryDocument, { signer, trust }: Speaker): { readonly known: 'listed' | 'self'; readonly isAdmin: boolean } => {
  const statement = builtOf(document);
  // A key with bounds counts only where somebody proves when it signed.
  const times = signer.isDated ? [{ kind: 'authority' as const, at: new Date().toISOString() }] : [];
  const answer = judgeHistorySigner(document, signer.publicKey.keyId, { trust, times });
  if (answer.kind === 'signed') return { known: answer.known, isAdmin: answer.by.isAdmin };
  const role = document.kind === 'promotion' || document.kind === 'deployment' ? ('deployer' as const) : undefined;
  const listed = trust.kind === 'accepted' ? trust.trust.keys.get(signer.publicKey.keyId)?.signer : undefined;
  const other = `trainlock trust add NAME --kind ${document.kind === 'deployment' ? 'machine' : 'person'} --public-key FILE --type ${statement.kind} --role ${role ?? 'signer'}`;
  throw new TrainlockError('TL1501', `this ${statement.kind} would not count: ${answer.because}`, {
    fix: `${listed === undefined ? other : addRightCommand(listed, { kind: statement.kind, role })}   # or sign with another key: --key NAME`,
  });
};

/** Signs a document and lays it beside the policy, with an event for the log. Throws as checkWord does, and TL1104, TL0003. */
export const say = async (document: HistoryDocument, speaker: Speaker, options: SayOptions): Promise<Said> => {
  checkWord(document, speaker);
  const { person, at } = wordOf(document);
  const event = { kind: document.kind === 'deployment' ? ('deployed' as const) : document.kind, object: objectOfHistory(document), time: at };
  return { ...(await fileDocument(builtOf(document), { signer: speaker.signer, place: 'history', event }, options)), person, at };
};

type Built = BuiltStatement<HistoryDocument['kind']>;

const builtOf = (document: HistoryDocument): Built => {
  switch (document.kind) {
    case 'amendment':
      return allowed(document.kind, amendmentStatement(document.amendment, nodeCrypto));
    case 'deprecation':
      return allowed(document.kind, deprecationStatement(document.deprecation, nodeCrypto));
    case 'promotion':
      return allowed(document.kind, promotionStatement(document.promotion, nodeCrypto));
    case 'deployment':
      return allowed(document.kind, deploymentStatement(document.deployment, nodeCrypto));
    case 'reversion':
      return allowed(document.kind, reversionStatement(document.reversion, nodeCrypto));
    case 'remediation':
      return allowed(document.kind, remediationStatement(document.remediation, nodeCrypto));
  }
};

const allowed = (kind: HistoryDocument['kind'], built: Reading<Built>): Built => {
  if (built.kind === 'accepted') return built.value;
  const [first] = built.problems;
  throw new TrainlockError('TL0001', `this is no ${kind}: ${escapeControl(`${first?.pointer} ${first?.message}`)}`, { fix: `trainlock help ${VERBS[kind]}` });
};

const VERBS = { amendment: 'amend', deprecation: 'deprecate', promotion: 'promote', deployment: 'gate', reversion: 'revert', remediation: 'remediate' } as const;
