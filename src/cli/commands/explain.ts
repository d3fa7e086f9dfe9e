import { escapeControl, EXIT, nearest, TrainlockError } from '#base';
import { allExplanations, type Explanation, explainCode } from '#flows/explain-code';
import type { CommandHandler } from '../command.ts';

/** What an error code, a finding or an exit code means. */
export const handle: CommandHandler = async ({ positionals: [code] }) => {
  if (code === undefined) {
    const all = allExplanations();
    return { exit: EXIT.yes, data: { explanations: all }, text: listText(all) };
  }
  const explanation = explainCode(code);
  if (explanation === undefined) throw unknownCode(code);
  return { exit: EXIT.yes, data: explanation, text: textOf(explanation) };
};

const unknownCode = (code: string): TrainlockError => {
  const near = nearest(
    code,
    allExplanations().map((row) => row.code),
  );
  return new TrainlockError('TL0001', `'${escapeControl(code)}' is no code that trainlock uses`, {
    ...(near === undefined ? {} : { notes: [`did you mean ${near}?`] }),
    fix: near === undefined ? 'trainlock explain' : `trainlock explain ${near}`,
  });
};

const textOf = ({ code, kind, title, text, exit }: Explanation): string =>
  [
    kind === 'finding' ? `${code} (finding)` : `${kind === 'exit' ? `exit code ${code}` : code}: ${title}`,
    '',
    text,
    ...(exit === undefined ? [] : ['', `The command ends with exit code ${exit}.`]),
  ].join('\n');

const TITLES = { error: 'Errors', finding: 'Findings', exit: 'Exit codes' } as const;

const listText = (all: readonly Explanation[]): string =>
  (['error', 'finding', 'exit'] as const)
    .map((kind) => [TITLES[kind], ...all.filter((row) => row.kind === kind).map(({ code, title }) => `  ${kind === 'finding' ? code : `${code.padEnd(6)}  ${title}`}`)].join('\n'))
    .join('\n\n');
