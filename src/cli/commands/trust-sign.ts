import { EXIT } from '#base';
import { signTrustFile } from '#flows/sign-trust';
import type { CommandHandler } from '../command.ts';
import { changedResult, listFlag, trustPlace } from '../trust-place.ts';

/** Signs the version of the trust file that waits. */
export const handle: CommandHandler = async (input, context) => {
  const request = { ...(await trustPlace(input, context)), signWith: listFlag(input.flags['root']) };
  const planned = await signTrustFile({ ...request, dryRun: true });
  const shown = changedResult(planned);
  if (input.flags['dry-run'] === true) return shown;
  if (input.flags['yes'] !== true) {
    // Without a terminal nobody can be asked: whoever calls it there has decided already.
    const answer = await context.confirm(`${shown.text}\nSign it?`);
    if (answer === false) return { exit: EXIT.no, text: 'nothing was signed', data: { ...planned, kind: 'refused' } };
  }
  return changedResult(await signTrustFile({ ...request, dryRun: false, expected: planned.sha256 }));
};
