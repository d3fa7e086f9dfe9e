import { countOf, escapeControl, EXIT, TrainlockError } from '#base';
import { planSetup, type SetupPlan, writeSetup } from '#flows/init-project';
import type { CommandContext, CommandHandler, CommandResult } from '../command.ts';

/** Sets the project up: shows the changes first, asks, and writes. */
export const handle: CommandHandler = async ({ flags }, context) => {
  const { workingDirectory, env } = context;
  const plan = await planSetup({ workingDirectory, env, flags }, flags['ci'] as 'github' | 'gitlab' | undefined);
  if (plan.files.length === 0) return resultOf(plan, { text: [foundText(plan), '', 'everything is in place; nothing to write'].join('\n'), written: false });
  const changes = changesText(plan, context.colour);
  if (flags['dry-run'] === true) return resultOf(plan, { text: [changes, '', `nothing is written (--dry-run)`].join('\n'), written: false });
  if (flags['yes'] !== true) {
    const answer = await askFirst(plan, changes, context);
    if (!answer) return { ...resultOf(plan, { text: 'nothing is written', written: false }), exit: EXIT.no };
  }
  await writeSetup(plan);
  const done = `wrote ${plan.files.map((file) => escapeControl(file.path)).join(', ')}`;
  return resultOf(plan, { text: flags['yes'] === true ? [changes, '', done].join('\n') : done, written: true });
};

const askFirst = async (plan: SetupPlan, changes: string, context: CommandContext): Promise<boolean> => {
  context.say(changes);
  const answer = await context.confirm(`Write ${countOf(plan.files.length, 'file')}?`);
  if (answer === undefined) {
    throw new TrainlockError('TL0001', 'nothing is written: there is no terminal on which to ask', {
      where: plan.projectRoot,
      notes: ['the changes are shown above'],
      fix: 'trainlock init --yes',
    });
  }
  return answer;
};

const resultOf = (plan: SetupPlan, { text, written }: { readonly text: string; readonly written: boolean }): CommandResult => ({
  exit: EXIT.yes,
  data: { ...plan, written },
  text,
  next: [`trainlock run --why "first run" -- python ${plan.scripts[0] ?? 'train.py'}`, 'trainlock doctor'],
});

const changesText = (plan: SetupPlan, colour: boolean): string =>
  [foundText(plan), '', ...plan.files.map((file) => patchText(file.patch, colour)), ...plan.notes.map((note) => `note: ${note}`)].join('\n');

const foundText = ({ projectRoot, scripts, detected, locking }: SetupPlan): string => {
  const named = (rows: readonly { readonly name: string }[]): string => (rows.length === 0 ? 'none found' : rows.map((row) => row.name).join(', '));
  return [
    `project  ${projectRoot}`,
    `scripts  ${scripts.length === 0 ? 'none found' : scripts.slice(0, 5).join(', ')}`,
    `data     ${named(detected.data)}`,
    `metrics  ${named(detected.metrics)}`,
    `outputs  ${named(detected.outputs)}`,
    `lock     ${locking.kind === 'none' ? 'none found' : locking.kind === 'loose' ? `${locking.file}, but ${countOf(locking.unpinned.length, 'package')} without a version` : locking.file}`,
  ]
    .map((line) => escapeControl(line))
    .join('\n');
};

const patchText = (patch: string, colour: boolean): string =>
  patch
    .split('\n')
    .map((line) => {
      const shown = escapeControl(line);
      if (!colour || line.startsWith('+++') || line.startsWith('---')) return shown;
      return line.startsWith('+') ? `\u001b[32m${shown}\u001b[39m` : line.startsWith('-') ? `\u001b[31m${shown}\u001b[39m` : shown;
    })
    .join('\n');
