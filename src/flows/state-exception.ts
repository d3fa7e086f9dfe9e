/** A person lets a model run in an environment in spite of a finding, or confirms what another person has said: a signed statement, and an event in the log. */
import type { ExceptionAnswer } from '#approval';
import { escapeControl, nearest, shellWord, TrainlockError } from '#base';
import { nodeCrypto } from '#files';
import { CRITICAL_FINDING_IDS, GATE_FINDING_IDS, NEVER_EXCUSED } from '#gate';
import { type Exception, exceptionStatement } from '#statements';
import { openStore, type Store } from '#store';
import type { TrustStanding } from '#trust';
import { approverOfKey } from './approvals/person-of-key.ts';
import { type FiledException, filedExceptions, givenException } from './exceptions/filed-exceptions.ts';
import { judgedByPolicy, recordsIn } from './exceptions/judged-by-policy.ts';
import { environmentIn } from './policy/environment-in.ts';
import { exactRecord } from './policy/exact-record.ts';
import { policyHere } from './policy/policy-file.ts';
import { openDocumentSigner } from './signed-documents/document-signer.ts';
import { type FiledDocument, fileDocument, type SigningPlace } from './signed-documents/file-document.ts';
import { oneByDigest } from './signed-documents/one-by-digest.ts';
import { standingOf } from './trust-file/standing-of.ts';

/** What somebody wants to say. */
export type ExceptionWish =
  | {
      readonly kind: 'new';
      readonly reference: string;
      readonly environment: string;
      readonly finding: { readonly id: string; readonly about?: string };
      /** An emergency. */ readonly isBreakGlass: boolean;
      readonly lastsMs: number;
    }
  /** First letters of the digest of the exception, 6 or more; as long as that one, if no time is said. */
  | { readonly kind: 'confirm'; readonly exception: string; readonly lastsMs?: number };

export type StateOptions = SigningPlace & {
  readonly wish: ExceptionWish;
  readonly role: Exception['role'];
  readonly reason: string;
  readonly ticket?: string;
  readonly compensatingControl?: string;
  /** Who took part in making the change, by the names of the policy, beside whom record and signatures say. */
  readonly actors: readonly string[];
};

/** What would be signed, and what it would be worth. */
export type PlannedException = {
  readonly exception: Exception;
  readonly state: 'counts' | 'waiting';
  readonly because: string;
  readonly sign: () => Promise<FiledDocument>;
};

/**
 * Looks at the finding, the record and whoever would sign. Throws TL1303 where it could not count, TL0001 for a finding that the gate does
 * not know and for an exception that is not there, TL0301 to TL0304 for the record, TL1301, TL1302, TL1304, and TL1101 to TL1106 for the key.
 */
export const planException = async (options: StateOptions): Promise<PlannedException> => {
  const { projectRoot, storeFolder, role, wish, actors } = options;
  const now = new Date();
  const trust = await standingOf({ ...options, now: now.toISOString() });
  const { policy } = await policyHere(options);
  const store = await openStore({ projectRoot, storeFolder });
  const filed = await filedExceptions(projectRoot, trust);
  const about = wish.kind === 'new' ? await newOne(wish, { store, options, now }) : confirmed(wish, { filed, now });
  environmentIn(policy, about.environment);
  const signer = await openDocumentSigner(options);
  const person = approverOfKey(signer.publicKey.keyId, trust, { kind: 'exception', role, environment: about.environment, isDated: signer.isDated });
  const exception: Exception = { ...about, ...saidIn(options), person, statedAt: now.toISOString() };
  const built = exceptionStatement(exception, nodeCrypto);
  if (built.kind === 'rejected')
    throw new TrainlockError('TL0001', `this is no exception: ${escapeControl(`${built.problems[0]!.pointer} ${built.problems[0]!.message}`)}`, {
      fix: 'trainlock help exception new',
    });
  const { sha256 } = built.value;
  const further = givenException({ sha256, exception, by: { person, isPerson: true, isAdmin: isAdmin(signer.publicKey.keyId, trust), keyId: signer.publicKey.keyId } }, false);
  const answers = await judgedByPolicy({ policy, trust, filed, further, recordOf: recordsIn(store), actors, now: now.toISOString() });
  const answer = promising(answers.find(({ given }) => given.sha256 === sha256));
  return {
    exception,
    ...answer,
    sign: () => {
      // An emergency is told apart in the log: it must not be forgotten by taking its file away.
      const event = { kind: 'exception', object: { type: exception.level ?? 'run', id: exception.record.runId }, time: exception.statedAt } as const;
      return fileDocument(built.value, { signer, place: 'exceptions', event }, options);
    },
  };
};

/** An exception that cannot count misleads whoever makes it. */
const promising = (answer: ExceptionAnswer | undefined): Pick<PlannedException, 'state' | 'because'> => {
  if (answer?.state === 'counts' || answer?.state === 'waiting') return { state: answer.state, because: answer.because };
  throw vain(escapeControl(answer?.because ?? 'nobody asks for it'), 'trainlock policy show   # who may make exceptions where, and for how long');
};

const vain = (because: string, fix: string): TrainlockError => new TrainlockError('TL1303', `this exception would not count: ${because}`, { fix });

const isAdmin = (keyId: string, trust: TrustStanding): boolean => trust.kind === 'accepted' && trust.trust.keys.get(keyId)?.signer.roles.includes('admin') === true;

const saidIn = ({ role, reason, ticket, compensatingControl }: StateOptions): Pick<Exception, 'role' | 'reason' | 'ticket' | 'compensatingControl'> => ({
  role,
  reason,
  ...(ticket === undefined ? {} : { ticket }),
  ...(compensatingControl === undefined ? {} : { compensatingControl }),
});

type About = Pick<Exception, 'finding' | 'record' | 'environment' | 'level' | 'confirms' | 'expiresAt'>;

const after = (now: Date, lastsMs: number): string => new Date(now.getTime() + lastsMs).toISOString();

const newOne = async (
  { reference, environment, finding, isBreakGlass, lastsMs }: Extract<ExceptionWish, { readonly kind: 'new' }>,
  { store, options, now }: { readonly store: Store; readonly options: StateOptions; readonly now: Date },
): Promise<About> => {
  const { manifest, sha256 } = await exactRecord(await store.find(reference, options.workingDirectory));
  const id = excusable(finding.id, isBreakGlass);
  // Approvals alone are missing as a whole.
  if (finding.about === undefined && id !== 'TL1003')
    throw new TrainlockError('TL0001', `an exception names what ${id} found, not any ${id}`, {
      fix: `trainlock gate --env ${shellWord(environment)} ${shellWord(reference)}   # prints the command, with --about`,
    });
  return {
    finding: finding.about === undefined ? { id } : { id, about: finding.about },
    record: { runId: manifest.run.id, manifestSha256: sha256 },
    environment,
    ...(isBreakGlass ? { level: 'break-glass' } : {}),
    expiresAt: after(now, lastsMs),
  };
};

const excusable = (text: string, isBreakGlass: boolean): Exception['finding']['id'] => {
  const id = GATE_FINDING_IDS.find((one) => one === text);
  if (id === undefined) {
    const near = nearest(text, GATE_FINDING_IDS);
    throw new TrainlockError('TL0001', `the gate knows no finding ${escapeControl(text)}`, {
      notes: near === undefined ? [] : [`did you mean ${near}?`],
      fix: 'trainlock gate --env NAME MODEL   # prints the findings',
    });
  }
  if (NEVER_EXCUSED.includes(id)) throw vain(`${id} is critical, and nothing excuses it`, `trainlock explain ${id}   # says what mends it`);
  if (!isBreakGlass && CRITICAL_FINDING_IDS.includes(id))
    throw vain(`${id} is critical, and no exception excuses it; two persons may break the glass for hours`, `trainlock explain ${id}   # says what mends it`);
  return id as Exception['finding']['id'];
};

const confirmed = (
  { exception: letters, lastsMs }: Extract<ExceptionWish, { readonly kind: 'confirm' }>,
  { filed, now }: { readonly filed: readonly FiledException[]; readonly now: Date },
): About => {
  const given = filed.flatMap(({ judged }) => (judged.kind === 'exception' ? [judged] : []));
  const one = oneByDigest(given, letters, { what: 'exception', fix: 'trainlock exception list' });
  const { finding, record, environment, level, confirms, expiresAt } = one.exception;
  if (confirms !== undefined)
    throw new TrainlockError('TL0001', `${letters} is a confirmation itself, of ${confirms.slice(0, 12)}`, { fix: `trainlock exception confirm ${confirms.slice(0, 12)} …` });
  return { finding, record, environment, ...(level === undefined ? {} : { level }), confirms: one.sha256, expiresAt: lastsMs === undefined ? expiresAt : after(now, lastsMs) };
};
