import { withoutUndefined } from '#base';
import { verifyTrust } from '#flows/verify-trust';
import { renderTrustWalk } from '#report';
import type { CommandHandler } from '../command.ts';
import { momentFlag } from '../moment-flag.ts';
import { exitOfStanding, trustPlace } from '../trust-place.ts';

/** Follows a trust file from the pinned roots to its newest version. */
export const handle: CommandHandler = async (input, context) => {
  const [file] = input.positionals;
  const { trust } = input.flags;
  const verified = await verifyTrust({
    ...(await trustPlace(input, context)),
    now: momentFlag(input.flags['at'], 'at') ?? new Date().toISOString(),
    ...(file === undefined ? {} : { file }),
    ...(typeof trust === 'string' ? { pin: trust } : {}),
  });
  const { standing, steps, pin, waiting } = verified;
  return {
    exit: exitOfStanding(standing),
    text: renderTrustWalk(verified, { colour: context.colour }),
    data: withoutUndefined({
      standing: standing.kind,
      version: standing.kind === 'accepted' ? standing.trust.version : undefined,
      refusal: standing.kind === 'refused' ? standing.refusal : undefined,
      because: 'because' in standing ? standing.because : undefined,
      pin: pin?.path,
      steps,
      waiting,
    }),
    findings: standing.kind === 'refused' ? [{ kind: `trust-${standing.refusal}`, severity: 'error', message: standing.because }] : [],
    next: standing.kind === 'unpinned' ? ['trainlock trust pin'] : [],
  };
};
