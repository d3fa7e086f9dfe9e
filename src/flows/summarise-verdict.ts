/** Writes the answer to a question about a record as a signed verification summary, for tools that ask for one. */
import { canonicalJson, toHex } from '#base';
import type { Settings } from '#config';
import { nodeCrypto } from '#files';
import { readAnyStatement, type VerifiedLevel } from '#statements';
import type { Check, CheckName, Question, Verdict } from '#verify';
import { noSummary, writeSummary } from './write-summary.ts';

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
  await writeSummary(
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
    { path, settings, env },
  );
  return { path, levels };
};

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
