/** Writes the answer to a question about a record as a signed verification summary, for tools that ask for one. */
import { canonicalJson, toHex, TrainlockError } from '#base';
import type { Settings } from '#config';
import { nodeCrypto, writeAtomic } from '#files';
import { signStatement } from '#keys';
import { writeEnvelope } from '#seal';
import { readAnyStatement, type VerifiedLevel, verificationSummary } from '#statements';
import type { Check, CheckName, Question, Verdict } from '#verify';
import { chosenKey, openStatementKey } from './sign-record.ts';

export type SummaryRequest = {
  readonly verdict: Verdict;
  readonly question: Question;
  /** The statement that was judged. */
  readonly statement: Uint8Array;
  /** URI of what was verified. */
  readonly resourceUri: string;
  /** Absolute path of the file to write. */
  readonly path: string;
  readonly settings: Pick<Settings, 'key'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** RFC 3339. */
  readonly now: string;
};

/** Who verifies, and by which rules: the question of trainlock itself. */
const VERIFIER = 'https://trainlock.dev/verify/v0';

/** Writes a bare DSSE envelope. Throws TL0701 for a verdict that decides nothing: there is no summary of that. */
export const summariseVerdict = async (request: SummaryRequest): Promise<{ readonly path: string; readonly levels: readonly VerifiedLevel[] }> => {
  const { verdict, question, statement, resourceUri, path, settings, env, now } = request;
  if (verdict.kind === 'undecided') throw noSummary('the verdict is undecided, and a summary can only say passed or failed');
  const read = readAnyStatement(statement, 'training-run');
  if (read.kind === 'refused') throw noSummary(read.because);
  const levels = levelsOf(verdict.checks);
  const summary = verificationSummary(
    {
      verdict: verdict.kind,
      levels,
      verifierId: VERIFIER,
      timeVerified: now,
      resourceUri,
      policy: { uri: VERIFIER, sha256: toHex(nodeCrypto.sha256(canonicalJson({ question }))) },
      subjects: read.value.subjects.map(({ name, digest }) => ({ ...(name === undefined ? {} : { name }), digest: { sha256: digest['sha256'] ?? '' } })),
      inputAttestations: [{ sha256: toHex(nodeCrypto.sha256(statement)) }],
    },
    nodeCrypto,
  );
  if (summary.kind === 'rejected') throw noSummary(summary.problems[0]?.message ?? 'it cannot be said');
  const { signer } = await openStatementKey({ ...chosenKey(settings.key), env, mayAsk: true });
  await writeAtomic(path, writeEnvelope(await signStatement(signer, summary.value, nodeCrypto)));
  return { path, levels };
};

const noSummary = (because: string): TrainlockError =>
  new TrainlockError('TL0701', `no verification summary is written: ${because}`, { fix: 'ask a question that can be answered here: trainlock verify --help' });

/** Checks that must all have held for a level, and at least one of them must have been asked. */
const LEVELS: readonly (readonly [VerifiedLevel, readonly CheckName[]])[] = [
  ['TRAINLOCK_RECORD_INTACT', ['payload', 'schema', 'identity', 'view', 'subjects', 'events', 'logs', 'objects']],
  ['TRAINLOCK_SIGNATURE_TRUSTED', ['signature', 'trust']],
  ['TRAINLOCK_TIME_PROVEN', ['time']],
  ['TRAINLOCK_LOGGED', ['log']],
  ['TRAINLOCK_DATA_MATCHES', ['data']],
  ['TRAINLOCK_MODEL_MATCHES', ['model']],
  ['TRAINLOCK_ENVIRONMENT_MATCHES', ['code', 'environment']],
];

const levelsOf = (checks: readonly Check[]): readonly VerifiedLevel[] =>
  LEVELS.flatMap(([level, names]) => {
    const asked = checks.filter(({ name, outcome }) => names.includes(name) && outcome !== 'not-asked');
    return asked.length > 0 && asked.every(({ outcome }) => outcome === 'held') ? [level] : [];
  });
