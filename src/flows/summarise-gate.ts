/** Writes the answer of the gate as a signed verification summary, for admission controllers and other tools that ask for one. */
import type { GateDecision, StepName } from '#gate';
import type { VerifiedLevel } from '#statements';
import type { GateAnswer } from './gate-model.ts';
import { noSummary, type SummaryPlace, writeSummary } from './write-summary.ts';

/** Who verifies, and by which rules. */
const VERIFIER = 'https://trainlock.dev/gate/v0';

/** Throws TL0701 for an undecided answer, and as writeSummary does. */
export const summariseGate = async (answer: GateAnswer, place: SummaryPlace): Promise<readonly VerifiedLevel[]> => {
  const { decision, models, manifestSha256, environment, run, policy } = answer;
  if (decision.kind === 'undecided') throw noSummary('the answer is undecided, and a summary can only say passed or failed');
  const subjects = models.flatMap(({ path, sha256 }) => (sha256 === undefined ? [] : [{ name: path, digest: { sha256 } }]));
  const levels = decision.kind === 'allowed' ? levelsOf(decision, answer.facts.canary) : [];
  await writeSummary(
    {
      verdict: decision.kind === 'allowed' ? 'proven' : 'refuted',
      levels,
      verifierId: VERIFIER,
      timeVerified: new Date().toISOString(),
      resourceUri: `trainlock:environment/${encodeURIComponent(environment)}/run/${run.id}`,
      policy: { uri: 'trainlock:policy', sha256: policy.sha256 },
      subjects,
      inputAttestations: manifestSha256 === undefined ? [] : [{ sha256: manifestSha256 }],
    },
    place,
  );
  return levels;
};

/** What each question proves, if it held. */
const PROVES: readonly (readonly [StepName, VerifiedLevel])[] = [
  ['record', 'TRAINLOCK_RECORD_INTACT'],
  ['signature', 'TRAINLOCK_SIGNATURE_TRUSTED'],
  ['log', 'TRAINLOCK_LOGGED'],
  ['model', 'TRAINLOCK_MODEL_MATCHES'],
  ['criteria', 'TRAINLOCK_CRITERIA_MET'],
  ['environment', 'TRAINLOCK_ENVIRONMENT_MATCHES'],
];

const levelsOf = ({ steps, exceptions, level }: GateDecision, canary: GateAnswer['facts']['canary']): readonly VerifiedLevel[] => {
  const isExcepted = steps.some(({ findings }) => findings.some(({ excused }) => excused?.by === 'exception'));
  // What was excused did not hold by itself.
  const held = PROVES.filter(([name]) => steps.some((step) => step.name === name && step.outcome === 'held' && step.findings.length === 0));
  return [
    ...held.map(([, level]) => level),
    ...(canary.kind !== 'compared'
      ? []
      : canary.outcome.kind === 'bit'
        ? (['TRAINLOCK_CANARY_BIT'] as const)
        : canary.outcome.kind === 'tolerance'
          ? (['TRAINLOCK_CANARY_WITHIN_TOLERANCE'] as const)
          : []),
    level !== undefined ? 'BREAK_GLASS' : isExcepted || exceptions.length > 0 ? 'TRAINLOCK_GATE_PASSED_BY_EXCEPTION' : 'TRAINLOCK_GATE_PASSED',
  ];
};
