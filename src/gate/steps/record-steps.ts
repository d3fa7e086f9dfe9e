import type { Check, CheckName, Verdict } from '#verify';
import type { GateFacts } from '../gate-facts.ts';
import type { GateFinding, GateFindingId, GateStep } from '../gate-finding.ts';
import { stepOf } from './step-of.ts';

/** What a record must be before anything in it counts. */
const ESSENTIAL: readonly CheckName[] = ['payload', 'schema', 'identity', 'view', 'subjects'];
/** What lies beside it where it was recorded: it need not be here, but nothing of it may be damaged. */
const BESIDE: readonly CheckName[] = ['events', 'logs', 'objects'];

/** What every record is asked, wherever it lies. */
const SAID_BY_ALL: readonly CheckName[] = ['payload', 'schema', 'subjects', 'signature', 'trust'];

/** Is the record what was recorded? */
export const recordStep = ({ verdict, reference }: GateFacts): GateStep => {
  const essential = ESSENTIAL.flatMap((name) => asked(verdict, name));
  const damaged = BESIDE.flatMap((name) => asked(verdict, name)).filter(({ outcome }) => outcome === 'broken');
  const findings = [...essential, ...damaged].flatMap((check) => findingOf('TL1001', check, [`trainlock verify ${reference} --explain`]));
  // A record that was not looked at at all has no check that could fail.
  const none: readonly GateFinding[] =
    essential.length > 0 ? [] : [{ id: 'TL1001', severity: 'critical', outcome: 'unknown', because: 'the record could not be looked at', remedies: [] }];
  return stepOf('record', [...findings, ...none], `manifest ${(verdict.manifestSha256 ?? '').slice(0, 12)}`);
};

/** Did somebody sign it whose signature counts here? */
export const signatureStep = ({ verdict, reference }: GateFacts): GateStep =>
  stepOf('signature', mustHold(verdict, ['signature', 'trust'], 'TL1001', [`trainlock verify ${reference} --explain`, 'trainlock trust show']), saidOf(verdict, 'trust'));

/** Does a log have it, and does that log know of nothing that the files conceal? */
export const logStep = ({ verdict, rules, withdrawals, reference }: GateFacts): GateStep => {
  if (rules.log === 'none') return { name: 'log', outcome: 'not-asked', because: 'the policy does not ask it here', findings: [] };
  const proof = mustHold(verdict, ['log'], 'TL1004', ['trainlock log enter', `trainlock verify ${reference} --log --explain`]);
  const hidden: readonly GateFinding[] =
    withdrawals.kind === 'none' || (withdrawals.kind === 'not-asked' && rules.log === 'proof')
      ? []
      : [
          {
            id: 'TL1004',
            severity: 'critical',
            outcome: withdrawals.kind === 'found' ? 'wrong' : 'unknown',
            about: 'withdrawals',
            because: withdrawals.because,
            remedies: ['trainlock log verify', 'trainlock log population --kind withdrawal'],
          },
        ];
  return stepOf('log', [...proof, ...hidden], `${saidOf(verdict, 'log')}; ${withdrawals.because}`);
};

/**
 * Whether what the record says may be acted on: it is proven, but for bytes beside it that are not here. Of those the gate needs none but what
 * the canary was asked and answered, and these it proves by their digests when it reads them.
 */
export const isProvenRecord = (verdict: Verdict): boolean =>
  SAID_BY_ALL.every((name) => asked(verdict, name).length > 0) &&
  verdict.checks.every(({ name, outcome }) => outcome === 'held' || outcome === 'not-asked' || (outcome === 'unknown' && BESIDE.includes(name)));

const asked = ({ checks }: Verdict, name: CheckName): readonly Check[] => checks.filter((check) => check.name === name && check.outcome !== 'not-asked');

const saidOf = (verdict: Verdict, name: CheckName): string => asked(verdict, name)[0]?.because ?? '';

/** Each of the checks must have been asked, and must have held. */
const mustHold = (verdict: Verdict, names: readonly CheckName[], id: GateFindingId, remedies: readonly string[]): readonly GateFinding[] =>
  names.flatMap((name): readonly GateFinding[] => {
    const checks = asked(verdict, name);
    if (checks.length === 0) return [{ id, severity: 'critical', outcome: 'unknown', about: name, because: 'it was not asked', remedies }];
    return checks.flatMap((check) => findingOf(id, check, remedies));
  });

const findingOf = (id: GateFindingId, { name, about, outcome, because }: Check, remedies: readonly string[]): readonly GateFinding[] =>
  outcome === 'held' ? [] : [{ id, severity: 'critical', outcome: outcome === 'broken' ? 'wrong' : 'unknown', about: about ?? name, because, remedies }];
