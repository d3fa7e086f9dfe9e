import type { FileFact, GateFacts } from '../gate-facts.ts';
import type { GateFinding, GateStep } from '../gate-finding.ts';
import { openStep, stepOf } from './step-of.ts';

/** Are the bytes that are to be served those that the run wrote? Always from the bytes. */
export const modelStep = ({ models, reference }: GateFacts): GateStep => {
  if (models.length === 0)
    return openStep('model', [
      {
        id: 'TL1002',
        severity: 'critical',
        outcome: 'unknown',
        because: 'no output of the run is a model',
        remedies: [`trainlock show ${reference}`, 'declare it in trainlock.yaml: outputs: { NAME: { path: FILE, role: model } }'],
      },
    ]);
  return stepOf('model', models.flatMap(modelFinding), models.map(({ path }) => path).join(', '));
};

const modelFinding = ({ path, state, because, remedies }: FileFact): readonly GateFinding[] =>
  state === 'same' ? [] : [{ id: 'TL1002', severity: 'critical', outcome: state === 'differs' ? 'wrong' : 'unknown', about: path, because: because ?? STATES[state], remedies }];

const STATES: Readonly<Record<FileFact['state'], string>> = {
  same: 'as recorded',
  differs: 'other bytes than were recorded',
  absent: 'it is not there',
  unreadable: 'it cannot be read',
};

/** Which other bytes they are. */
const foundOf = ({ state, sha256 }: { readonly state: FileFact['state']; readonly sha256: string | undefined }): string =>
  sha256 === undefined ? state : `sha256:${sha256.slice(0, 12)}`;

/** Is the code that serves the code that gave the recorded predictions? */
export const servingStep = ({ serving, canary, rules }: GateFacts): GateStep => {
  if (serving.length === 0 && canary.kind === 'none') return { name: 'serving', outcome: 'not-asked', because: 'no canary names the code that serves', findings: [] };
  if (serving.length === 0 && rules.canary === 'none') return { name: 'serving', outcome: 'not-asked', because: 'the policy asks no canary here', findings: [] };
  if (serving.length === 0) {
    const because = 'its command names no file of the project, so nobody knows which code serves';
    return openStep('serving', [
      { id: 'TL2002', severity: 'high', outcome: 'unknown', found: 'no file', because, remedies: ['name the script in the command of the canary, and record the run again'] },
    ]);
  }
  const findings = serving.flatMap(({ path, state, sha256, because, remedies }): readonly GateFinding[] =>
    state === 'same'
      ? []
      : [
          {
            id: 'TL2002',
            severity: 'high',
            outcome: state === 'differs' ? 'wrong' : 'unknown',
            about: path,
            found: foundOf({ state, sha256 }),
            because: because ?? STATES[state],
            remedies,
          },
        ],
  );
  return stepOf('serving', findings, serving.map(({ path }) => path).join(', '));
};
