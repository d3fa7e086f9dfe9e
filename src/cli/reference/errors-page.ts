import { ERROR_CODES } from '#base';
import { allExplanations } from '#flows/explain-code';
import { code, NOTICE, page, table } from './markdown.ts';

/** docs/reference/errors.md */
export const errorsPage = (): string => {
  const of = (kind: 'finding' | 'exit'): readonly (readonly string[])[] =>
    allExplanations()
      .filter((row) => row.kind === kind)
      .map((row) => [code(row.code), row.text]);
  return page(
    NOTICE,
    '# Errors, findings, exit codes',
    'An error means that something could not be carried out. A finding is something that was seen. `trainlock explain CODE` prints the same text.',
    '## Errors',
    table(
      ['Code', 'What went wrong', 'Exit code', 'Meaning'],
      Object.entries(ERROR_CODES).map(([name, { title, exit, explanation }]) => [code(name), title, String(exit), explanation]),
    ),
    '## Findings',
    table(['Kind', 'Meaning'], of('finding')),
    '## Exit codes',
    table(['Code', 'Meaning'], of('exit')),
  );
};
