import { fromUtf8 } from '#base';
import { nodeCrypto } from '#files';
import { nodeVerifySignature, nodeVerifyWith } from '#keys';
import type { ReportedFinding } from '#report';
import { readPublicKeyPem } from '#seal';
import { MAX_STATEMENT } from '#store';
import type { TrustStanding } from '#trust';
import { type Check, type CheckName, type Evidence, judgeRecord, type SealEvidence } from '#verify';
import type { GitFile } from '../git/git-files.ts';
import { listedAuthorities } from '../trust-file/listed-authorities.ts';
import { documentPart, type Part } from './document-part.ts';
import type { Side } from './side-of.ts';

/** What a document says by itself, whatever files it speaks of: those need not be in git. */
const OF_DOCUMENTS: readonly CheckName[] = ['payload', 'schema', 'identity', 'view', 'subjects', 'signature', 'trust', 'statements'];

export const MAX_BUNDLE: number = MAX_STATEMENT * 1.5;
const MAX_KEY = 65_536;
/** Most further signatures of one record that are looked at. */
const MOST_SEALS = 64;

export type WhoseRecords = { readonly trust: TrustStanding; readonly local: SealEvidence['local'] };

/** The files of one record in one state, by what they are. */
export type RecordFiles = { readonly unit: string; readonly parts: readonly { readonly part: Part; readonly path: string; readonly file: GitFile }[] };

/** All files of a thing of ours in a state, whether they changed or not. */
export const filesOfUnit = async (side: Side, unit: string, stores: readonly string[]): Promise<RecordFiles['parts']> => {
  const folder = unit.slice(0, unit.lastIndexOf('/'));
  const files = await side.below([folder]);
  return [...files].flatMap(([path, file]) => {
    const found = path.startsWith(unit) ? documentPart(path, stores) : undefined;
    return found?.unit === unit ? [{ part: found.part, path, file }] : [];
  });
};

/** The bytes of a part, the first of its kind. */
export const partBytes = (side: Side, { parts }: Pick<RecordFiles, 'parts'>, part: Part, maxBytes: number): Promise<Uint8Array | undefined> =>
  side.bytes(parts.find((one) => one.part === part)?.file, maxBytes);

/** Whether a record of a state is what was signed, and by whom; one finding for what is broken, one for what is open. */
export const judgeRecordHere = async (side: Side, record: RecordFiles, whose: WhoseRecords): Promise<readonly ReportedFinding[]> => {
  const statement = await partBytes(side, record, 'statement', MAX_STATEMENT);
  const file = record.parts.find(({ part }) => part === 'statement')?.path ?? record.parts[0]?.path ?? record.unit;
  if (statement === undefined) return [{ id: 'record-refuted', severity: 'error', file, message: 'the record has no statement that can be read' }];
  const view = await partBytes(side, record, 'view', MAX_STATEMENT);
  const id = /-([0-9a-f]{8,32})$/.exec(record.unit)?.[1];
  return judgeDocument(statement, file, {
    stated: id === undefined ? [] : [{ by: 'its name', kind: 'run-id', value: id }],
    ...(view === undefined ? {} : { view }),
    seal: await sealsHere(side, record, whose),
  });
};

/** The same for a document that stands alone. */
export const judgeDocument = (document: Uint8Array, file: string, evidence: Omit<Evidence, 'document' | 'files'>): readonly ReportedFinding[] => {
  const question = { model: false, data: false, environment: false, signature: true, time: false, log: false };
  const verdict = judgeRecord(question, { document, files: new Map(), ...evidence }, PORTS);
  const asked = verdict.checks.filter(({ name }) => OF_DOCUMENTS.includes(name));
  return [...told(asked, 'broken', { id: 'record-refuted', severity: 'error', file }), ...told(asked, 'unknown', { id: 'record-undecided', severity: 'warning', file })];
};

const PORTS = { crypto: nodeCrypto, verifySignature: nodeVerifySignature, verifyWith: nodeVerifyWith };

const told = (checks: readonly Check[], outcome: Check['outcome'], finding: Omit<ReportedFinding, 'message'>): readonly ReportedFinding[] => {
  const because = checks.filter((check) => check.outcome === outcome).map(({ name, because: reason }) => `${name}: ${reason}`);
  return because.length === 0 ? [] : [{ ...finding, message: because.join('; ') }];
};

const sealsHere = async (side: Side, record: RecordFiles, { trust, local }: WhoseRecords): Promise<SealEvidence> => {
  const bundles: SealEvidence['bundles'][number][] = [];
  for (const { part, path, file } of record.parts.filter((one) => one.part === 'bundle' || one.part === 'seal').slice(0, MOST_SEALS))
    bundles.push({ name: path.slice(path.lastIndexOf('/') + 1), bytes: (await side.bytes(file, MAX_BUNDLE)) ?? new Uint8Array(0), isFurther: part === 'seal' });
  const pem = await partBytes(side, record, 'signer', MAX_KEY);
  const beside = pem === undefined ? undefined : readPublicKeyPem(fromUtf8(pem) ?? '', nodeCrypto);
  return {
    bundles,
    named: [],
    local,
    trust,
    authorities: trust.kind === 'accepted' ? listedAuthorities(trust.trust) : [],
    ...(beside?.kind === 'accepted' ? { beside: beside.value } : {}),
  };
};
