import { escapeControl, EXIT } from '#base';
import { makeGitChanges, planGitSetup } from '#flows/install-git';
import { loadProject } from '#flows/load-project';
import type { CommandHandler } from '../command.ts';

/** Sets the repository up, or takes that back. */
export const handle: CommandHandler = async ({ flags }, { workingDirectory, env }) => {
  const { projectRoot, storeFolder } = await loadProject({ workingDirectory, env, flags });
  const options = { projectRoot, storeFolder, uninstall: flags['uninstall'] === true, hooks: flags['hooks'] === true };
  const plan = await planGitSetup(options);
  const isDry = flags['dry-run'] === true;
  const notes = [...plan.notes, ...(isDry ? [] : await makeGitChanges(plan, options))];
  const done =
    plan.changes.length === 0 ? 'nothing to change' : isDry ? 'nothing was changed (--dry-run)' : `changed ${plan.changes.map(({ what }) => escapeControl(what)).join(', ')}`;
  return {
    exit: EXIT.yes,
    text: [...plan.changes.map(({ patch }) => escapeControl(patch, true)), ...notes.map((note) => `note: ${note}`), done].join('\n'),
    data: { top: plan.top, changes: plan.changes.map(({ kind, what, patch }) => ({ kind, what, patch })), notes, changed: !isDry && plan.changes.length > 0 },
    findings: notes.map((message) => ({ kind: 'git-set-up-otherwise', severity: 'warning' as const, message })),
  };
};
