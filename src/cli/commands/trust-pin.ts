import { escapeControl, EXIT, TrainlockError } from '#base';
import { type PinPlan, planPin, writePin } from '#flows/pin-trust';
import { renderRoots } from '#report';
import type { CommandHandler } from '../command.ts';
import { trustPlace } from '../trust-place.ts';

/** Pins the roots of a trust file. */
export const handle: CommandHandler = async (input, context) => {
  const [file] = input.positionals;
  const { yes } = input.flags;
  const dryRun = input.flags['dry-run'] === true;
  const plan = await planPin({ ...(await trustPlace(input, context)), system: input.flags['system'] === true, ...(file === undefined ? {} : { file }) });
  const roots = renderRoots(plan.pin.roots, plan.pin.threshold, { colour: context.colour });
  const data = dataOf(plan);
  if (dryRun) return { exit: EXIT.yes, text: [roots, headOf(plan)].join('\n'), data: { ...data, done: false } };
  if (plan.kind === 'new' || plan.kind === 'replaced') {
    const answer = yes === true ? true : await context.confirm(`${roots}\n${headOf(plan)}\nHave you compared these ids with those who hold the keys, and are they to be pinned?`);
    if (answer === false) return { exit: EXIT.no, text: 'nothing was pinned', data: { ...data, done: false } };
    if (answer === undefined && plan.kind === 'replaced')
      throw new TrainlockError('TL0001', headOf(plan), {
        where: plan.path,
        notes: [`pinned now: ${plan.before!.roots.map(({ name, keyId }) => `${escapeControl(name)} ${keyId.slice(0, 12)}…`).join(', ')}`],
        fix: 'compare the new roots with those who hold them, then: trainlock trust pin --yes',
      });
  }
  if (plan.kind !== 'same') await writePin(plan);
  return { exit: EXIT.yes, text: [roots, doneOf(plan), ...(plan.isExpired ? [EXPIRED] : [])].join('\n'), data: { ...data, done: true }, next: ['trainlock trust show'] };
};

const EXPIRED = 'the trust file has expired: it counts when its roots have renewed it (trust renew)';

const headOf = (plan: PinPlan): string => {
  const { kind, path, before, trust } = plan;
  switch (kind) {
    case 'new':
      return `nothing is pinned yet in ${escapeControl(path)}`;
    case 'same':
      return `these roots are pinned already in ${escapeControl(path)}`;
    case 'raised':
      return `the pinned roots have led to version ${trust.version}, which is newer than what was seen here`;
    case 'replaced':
      return hasSameRoots(plan)
        ? `version ${before?.lastSeen?.version} was seen here before, and this file is older, another one of the same version, or that of another project`
        : 'other roots are pinned here, and they have not led to this file';
  }
};

const hasSameRoots = ({ before, pin }: PinPlan): boolean => {
  const ids = (roots: PinPlan['pin']['roots']): string =>
    roots
      .map(({ keyId }) => keyId)
      .toSorted()
      .join();
  return before !== undefined && ids(before.roots) === ids(pin.roots);
};

const doneOf = ({ kind, path, trust }: PinPlan): string =>
  kind === 'same'
    ? `these roots were pinned already: ${escapeControl(path)}`
    : `pinned in ${escapeControl(path)}; version ${trust.version} was seen, and older ones are refused from now on`;

const dataOf = ({ kind, path, file, trust, pin, isExpired }: PinPlan): object => ({
  kind,
  path,
  file,
  version: trust.version,
  sha256: trust.sha256,
  isExpired,
  threshold: pin.threshold,
  roots: pin.roots.map(({ name, keyId }) => ({ name, keyId })),
});
