import { EXIT, withoutUndefined } from '#base';
import { judgeKey, type ShownTrust, showTrust } from '#flows/show-trust';
import { renderTrust } from '#report';
import type { CommandHandler } from '../command.ts';
import { momentFlag } from '../moment-flag.ts';
import { exitOfStanding, roleOf, trustPlace } from '../trust-place.ts';

const EXITS = { trusted: EXIT.yes, refused: EXIT.no, unknown: EXIT.undecided } as const;

/** Shows a trust file, or whether one key counts. */
export const handle: CommandHandler = async (input, context) => {
  const { key, type, environment, role, trust } = input.flags;
  const at = momentFlag(input.flags['at'], 'at');
  const request = { ...(await trustPlace(input, context)), ...(typeof trust === 'string' ? { pin: trust } : {}), ...(at === undefined ? {} : { at }) };
  if (typeof key !== 'string') {
    const shown = await showTrust(request);
    return {
      exit: exitOfStanding(shown.standing),
      text: renderTrust(shown, { colour: context.colour }),
      data: dataOf(shown),
      next: shown.standing.kind === 'unpinned' ? ['trainlock trust pin'] : shown.description === undefined && shown.waiting !== undefined ? ['trainlock trust sign'] : [],
    };
  }
  const judged = await judgeKey({
    ...request,
    key,
    ...(typeof type === 'string' ? { type } : {}),
    ...(typeof environment === 'string' ? { environment } : {}),
    ...(typeof role === 'string' ? { role: roleOf(role) } : {}),
  });
  const { answer } = judged;
  return { exit: EXITS[answer.kind], text: `${answer.kind}  ${answer.because}`, data: judged };
};

const dataOf = ({ standing, description, pins, waiting }: ShownTrust): unknown =>
  withoutUndefined({
    standing: standing.kind,
    refusal: standing.kind === 'refused' ? standing.refusal : undefined,
    because: 'because' in standing ? standing.because : undefined,
    description,
    pins: pins.map(({ of, path, pin }) =>
      withoutUndefined({ of, path, threshold: pin.threshold, roots: pin.roots.map(({ name, keyId }) => ({ name, keyId })), lastSeen: pin.lastSeen }),
    ),
    waitingVersion: waiting?.version,
    waitingSignatures: waiting?.missing,
  });
