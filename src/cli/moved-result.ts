import { countOf, escapeControl, EXIT, formatBytes } from '#base';
import type { Moved } from '#flows/push-data';
import type { CommandResult } from './command.ts';

const SHOWN = 20;

/** What became of objects that were moved to or from a remote. */
export const movedResult = (moved: Moved, verb: string): CommandResult => {
  const head = `${escapeControl(moved.title)}: ${countOf(moved.moved, 'object')} ${verb} ${escapeControl(moved.address)} (${formatBytes(moved.movedBytes)}), ${moved.present} there already`;
  const isLost = moved.failures.length > 0 && moved.failures.every(({ lasting }) => lasting);
  const end = isLost ? '  not complete, and trying again does not help' : '  not complete: the same command continues';
  const notes = moved.notes.map((note) => `  ${escapeControl(note)}`);
  const failures = moved.failures.slice(0, SHOWN).map(({ name, reason }) => `  not moved: ${escapeControl(name)} (${escapeControl(reason)})`);
  const more = moved.failures.length > SHOWN ? [`  … and ${moved.failures.length - SHOWN} more`] : [];
  return {
    exit: moved.complete ? EXIT.yes : EXIT.undecided,
    text: [head, ...notes, ...(moved.complete ? [] : [end]), ...failures, ...more].join('\n'),
    data: moved,
    findings: moved.failures.map(({ name, reason }) => ({ kind: 'not-moved', severity: 'error', message: reason, where: name })),
  };
};
