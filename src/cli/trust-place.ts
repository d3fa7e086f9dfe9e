import { escapeControl, EXIT, type ExitCode, nearest, TrainlockError } from '#base';
import { type ChangedTrust, type ChangeRequest, changeTrust, type Role } from '#flows/change-trust';
import { loadProject } from '#flows/load-project';
import type { CommandContext, CommandResult, ParsedInput } from './command.ts';
import { countFlag } from './count-flag.ts';

/** Where a trust file is looked for. */
export type TrustPlace = { readonly projectRoot: string; readonly workingDirectory: string; readonly env: CommandContext['env'] };

export const trustPlace = async (input: ParsedInput, { workingDirectory, env }: CommandContext): Promise<TrustPlace> => {
  const { projectRoot } = await loadProject({ workingDirectory, env, flags: input.flags });
  return { projectRoot, workingDirectory, env };
};

export const listFlag = (value: ParsedInput['flags'][string]): readonly string[] => (Array.isArray(value) ? (value as readonly string[]) : []);

const ROLES: readonly Role[] = ['initiator', 'signer', 'approver-data', 'approver-dependency', 'approver-model', 'deployer', 'auditor', 'admin'];

/** A role. Throws TL0001 with the known ones. */
export const roleOf = (text: string): Role => {
  const role = ROLES.find((known) => known === text);
  if (role !== undefined) return role;
  const near = nearest(text, ROLES);
  throw new TrainlockError('TL0001', `${escapeControl(text.slice(0, 60))} is no role`, {
    notes: [...(near === undefined ? [] : [`did you mean ${near}?`]), `roles: ${ROLES.join(', ')}`],
    fix: `--role ${near ?? 'signer'}`,
  });
};

type Standing = { readonly kind: 'accepted' | 'unpinned' | 'none' | 'local' } | { readonly kind: 'refused'; readonly refusal: string };

/** yes: it counts here; no: it is refused; undecided: nothing is pinned, or there is no trust file. */
export const exitOfStanding = (standing: Standing): ExitCode => {
  if (standing.kind === 'accepted') return EXIT.yes;
  return standing.kind === 'refused' && standing.refusal !== 'missing' ? EXIT.no : EXIT.undecided;
};

/** What a person hears of a version that was made or signed. */
export const changedResult = (changed: ChangedTrust): CommandResult => {
  const { kind, version, changes, signedBy, because, dropped, path } = changed;
  const what = changes.map((change) => `  ${escapeControl(change)}`);
  const names = signedBy.map(({ name }) => escapeControl(name)).join(', ');
  const head = {
    'dry-run': `version ${version} of the trust file would say:`,
    waiting: `${because}: it waits`,
    installed: `version ${version} of the trust file counts from now on`,
  }[kind];
  const files = kind === 'waiting' ? [path] : ['.trainlock/trust.json', ...(version > 1 ? ['.trainlock/trust'] : [])];
  const next =
    kind === 'dry-run'
      ? []
      : kind === 'waiting'
        ? ['trainlock trust sign --dry-run']
        : [...(version === 1 ? ['trainlock trust pin'] : []), 'git add -A -f .trainlock/trust.json .trainlock/trust'];
  return {
    exit: EXIT.yes,
    text: [
      head,
      ...what,
      ...(names === '' ? [] : [`signed by ${names}`]),
      ...(dropped.length === 0 ? [] : [`must sign again, because it says something else now: ${dropped.map((name) => escapeControl(name)).join(', ')}`]),
      ...(kind === 'waiting' ? [`it lies in ${escapeControl(path)}: whoever else holds a root looks with trust sign --dry-run, and signs with trust sign`] : []),
      ...(kind === 'installed' && version === 1 ? ['it counts where its roots are pinned: trainlock trust pin'] : []),
    ].join('\n'),
    data: { ...changed, files },
    next,
  };
};

/**
 * Makes the next version with a change. Where another root has proposed one that waits, the change is taken into it, and whoever signs
 * it signs both: that is asked first, and without a terminal --yes must say it.
 */
export const changed = async (input: ParsedInput, context: CommandContext, change: ChangeRequest): Promise<CommandResult> => {
  const { flags } = input;
  const days = countFlag(flags['expires'], 'expires');
  const request = { ...(await trustPlace(input, context)), change, signWith: listFlag(flags['sign-with']), ...(days === undefined ? {} : { days }) };
  if (flags['dry-run'] !== true && flags['yes'] === true) return changedResult(await changeTrust({ ...request, dryRun: false }));
  const planned = await changeTrust({ ...request, dryRun: true });
  if (flags['dry-run'] === true) return changedResult(planned);
  if (planned.proposedBy.length > 0) {
    const others = planned.proposedBy.map((name) => escapeControl(name)).join(', ');
    const answer = await context.confirm(`${changedResult(planned).text}\nThis also signs what ${others} proposed. Sign all of it?`);
    if (answer === undefined)
      throw new TrainlockError('TL0001', `version ${planned.version} waits already, proposed by ${others}: to change it is to sign that too`, {
        fix: 'look at all of it with --dry-run, then add --yes; or let it count first: trainlock trust sign',
      });
    if (!answer) return { exit: EXIT.no, text: 'nothing was signed', data: { ...planned, kind: 'refused' } };
  }
  return changedResult(await changeTrust({ ...request, dryRun: false }));
};
