import { escapeControl, EXIT, shellWord } from '#base';
import { loadProject } from '#flows/load-project';
import { exitOfUpgrade, type LockWrite, planLockWrite, type Upgrade, type UpgradeOptions, upgradePackages, writeLock } from '#flows/upgrade-packages';
import { renderUpgrade } from '#report';
import type { CommandContext, CommandHandler, ParsedInput } from '../command.ts';
import { mapFlag } from '../map-flag.ts';
import { environmentFlag } from '../policy-place.ts';
import { listFlag } from '../trust-place.ts';

/** Tries an update of packages on a recorded run. */
export const handle: CommandHandler = async (input, context) => {
  const { flags } = input;
  const upgrade = await upgradePackages(await optionsOf(input, context));
  const { computed, lock, folder } = upgrade;
  const verdict = computed === undefined ? EXIT.yes : exitOfUpgrade(computed.verdict);
  const written = typeof flags['write'] === 'string' ? await writtenLock(flags['write'], upgrade, { yes: flags['yes'] === true, context }) : undefined;
  const next = nextOf(upgrade, written);
  return {
    exit: verdict === EXIT.yes && written?.done === false ? EXIT.failed : verdict,
    text: [
      renderUpgrade(upgrade, { colour: context.colour }),
      ...(written === undefined ? [] : ['', ...written.lines]),
      ...(folder === undefined || computed === undefined ? [] : ['', `kept in ${escapeControl(folder)}: lock, environment, and what the run wrote`]),
      ...(next.length === 0 ? [] : ['', 'next', ...next.map((command) => `  ${command}`)]),
    ].join('\n'),
    data: { ...upgrade, lock, written: written?.done === true ? written.path : null },
    findings: upgrade.moves.map(({ name, from, to, severity, why }) => ({
      kind: 'package-moves',
      severity: severity === 'high' ? ('error' as const) : severity === 'medium' ? ('warning' as const) : ('note' as const),
      message: escapeControl(`${name}: ${from ?? 'not installed'} -> ${to ?? 'not installed'} (${why})`),
    })),
    next,
  };
};

const optionsOf = async ({ flags, positionals }: ParsedInput, context: CommandContext): Promise<UpgradeOptions> => {
  const { workingDirectory, env } = context;
  const progress = context.progress('trainlock: proving inputs');
  const text = <K extends string>(name: string, key: K): { readonly [P in K]?: string } => {
    const value = flags[name];
    return typeof value === 'string' ? ({ [key]: value } as { readonly [P in K]?: string }) : {};
  };
  return {
    project: await loadProject({ workingDirectory, env, flags }),
    workingDirectory,
    env,
    packages: positionals,
    neededOnly: flags['needed'] === true,
    leaveOut: listFlag(flags['leave-out']),
    findLinks: listFlag(flags['find-links']),
    noIndex: flags['no-index'] === true,
    mayBuild: flags['allow-build'] === true,
    dryRun: flags['dry-run'] === true,
    again: flags['again'] === true,
    actors: listFlag(flags['actor']),
    map: mapFlag(flags['map']),
    network: listFlag(flags['network']),
    envFromCurrent: listFlag(flags['env-from-current']),
    ...text('run', 'reference'),
    ...text('python', 'python'),
    ...text('name', 'name'),
    ...text('why', 'why'),
    ...text('trust', 'pin'),
    ...environmentFlag(flags),
    say: (line) => {
      progress.end();
      context.say(`trainlock: ${escapeControl(line)}`);
    },
    onProgress: progress.onProgress,
  };
};

type Written = { readonly done: boolean; readonly path: string; readonly lines: readonly string[] };

/** Writes the lock where the answer lets it, and over another file only if a person says so after the difference was shown. */
const writtenLock = async (file: string, { computed, moves, lock }: Upgrade, { yes, context }: { readonly yes: boolean; readonly context: CommandContext }): Promise<Written> => {
  const not = (because: string): Written => ({ done: false, path: file, lines: [`not written: ${because}`] });
  if (moves.length === 0) return { ...not('nothing moves'), done: true };
  if (computed === undefined) return { ...not('only the plan was asked for'), done: true };
  if (computed.verdict.kind === 'different' || computed.verdict.kind === 'denied') return not(`the update is ${computed.verdict.kind}`);
  const plan = await planLockWrite(file, lock, context.workingDirectory);
  const path = escapeControl(plan.path);
  if (plan.over === 'same') return { done: true, path: plan.path, lines: [`${path} is this lock already`] };
  if (plan.over === 'other' && !(await mayReplace(plan, yes, context)))
    return { done: false, path: plan.path, lines: [`not written: ${path} is another file; the difference is shown above, --yes writes over it`] };
  await writeLock(plan);
  return { done: true, path: plan.path, lines: [`wrote ${path}`] };
};

const mayReplace = async ({ path, patch = '' }: LockWrite, yes: boolean, { say, confirm }: CommandContext): Promise<boolean> => {
  for (const line of patch.split('\n')) say(escapeControl(line));
  return yes || (await confirm(`Write over ${escapeControl(path)}?`)) === true;
};

/** What takes the update into use, or finds out why it must not be. */
const nextOf = ({ of, computed, moves, isHashed }: Upgrade, written: Written | undefined): readonly string[] => {
  if (computed === undefined || moves.length === 0) return [];
  const [then, now] = [of.id.slice(0, 8), computed.run.id.slice(0, 8)];
  if (computed.verdict.kind === 'different') return [`trainlock diff ${then} ${now}`, `trainlock replay ${then}   # does it come out the same without the update?`];
  const lock = written?.done === true ? shellWord(written.path) : undefined;
  return [
    ...(computed.approval.kind === 'not-asked' ? [] : [`trainlock policy explain ${then} ${now}`]),
    `trainlock keep ${now}`,
    ...(lock === undefined
      ? ['the same command with --write FILE   # writes the new lock']
      : [`python -m pip install --no-deps${isHashed ? ' --require-hashes' : ''} -r ${lock}   # into a new environment, beside the old one`]),
  ];
};
