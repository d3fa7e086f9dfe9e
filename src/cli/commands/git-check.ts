import { EXIT } from '#base';
import { checkChanges } from '#flows/check-changes';
import { renderChanges } from '#report';
import type { CommandHandler } from '../command.ts';
import { reportedFindings } from '../reported-findings.ts';
import { gitPlace } from '../git-place.ts';

const EXITS = { whole: EXIT.yes, refuted: EXIT.no, undecided: EXIT.undecided } as const;

/** Looks at what a change does to documents of ours. */
export const handle: CommandHandler = async (input, context) => {
  const checked = await checkChanges({ ...(await gitPlace(input, context)), staged: input.flags['staged'] === true });
  const isLet = input.flags['definite'] === true && checked.kind === 'undecided';
  const text = renderChanges(checked, { colour: context.colour });
  return {
    exit: isLet ? EXIT.yes : EXITS[checked.kind],
    text: isLet ? `${text}\nwhat is unknown passes here (--definite); it is no yes` : text,
    data: checked,
    findings: reportedFindings(checked.findings),
  };
};
