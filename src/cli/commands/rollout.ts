import { EXIT, type ExitCode, TrainlockError } from '#base';
import { loadProject } from '#flows/load-project';
import { type Rollout, showRollout } from '#flows/show-rollout';
import { renderRollout } from '#report';
import type { CommandHandler } from '../command.ts';
import { fileFlag } from '../policy-place.ts';
import { promoted } from '../promoted-result.ts';
import { shareFlag } from '../share-flag.ts';

/** Shows what environments run, or gives the newest run there another share. */
export const handle: CommandHandler = async (input, context) => {
  const [environment] = input.positionals;
  const sharePercent = shareFlag(input.flags['share'], 0);
  if (sharePercent !== undefined) {
    if (environment === undefined) throw new TrainlockError('TL0001', '--share needs an environment', { fix: 'trainlock rollout production --share 100 --reason TEXT' });
    return promoted(input, context, { wish: { kind: 'share', sharePercent }, environment, command: 'rollout' });
  }
  const { projectRoot, storeFolder } = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const [pin, file] = [fileFlag(input.flags['trust']), fileFlag(input.flags['policy'])];
  const rollout = await showRollout({
    projectRoot,
    storeFolder,
    workingDirectory: context.workingDirectory,
    env: context.env,
    ...(environment === undefined ? {} : { environment }),
    ...(pin === undefined ? {} : { pin }),
    ...(file === undefined ? {} : { file }),
  });
  return { exit: exitOf(rollout), text: renderRollout(rollout, { colour: context.colour }), data: rollout };
};

/** Denied is a no, and so is another model than was promoted; what nobody knows, or knew too long ago, is undecided. */
const exitOf = ({ environments, unread, unknown }: Rollout): ExitCode => {
  const places = environments.flatMap((one) => one.places);
  if (environments.some(({ policy }) => policy.kind === 'denied') || places.some(({ kind }) => kind === 'other')) return EXIT.no;
  if (places.some(({ kind }) => kind !== 'current')) return EXIT.undecided;
  return unread.length > 0 || unknown.length > 0 || environments.some(({ kind, policy }) => kind === 'undecided' || policy.kind === 'undecided') ? EXIT.undecided : EXIT.yes;
};
