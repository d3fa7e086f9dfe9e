import { readFileSync } from 'node:fs';

type Mutant = { readonly mutatorName: string; readonly status: string; readonly replacement?: string; readonly location: { readonly start: { readonly line: number } } };
type Report = { readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>> };

/** Changes of code that the tests notice: a test failed, or did not end. */
const NOTICED = ['Killed', 'Timeout'];
const UNNOTICED = ['Survived', 'NoCoverage'];

const cell = (text: string): string => `\`${text.replaceAll('`', "'").replaceAll('|', '\\|').replaceAll('\n', ' ').slice(0, 100)}\``;

/** A table of how many changes were noticed in each room, and a list of those that were not. Source: the JSON report of Stryker. */
export const mutationTable = (path: string): { readonly text: string; readonly share: number } => {
  const { files } = JSON.parse(readFileSync(path, 'utf8')) as Report;
  const of = (mutants: readonly Mutant[], states: readonly string[]): number => mutants.filter(({ status }) => states.includes(status)).length;
  const rows = Object.entries(files).map(([file, { mutants }]) => ({ file, noticed: of(mutants, NOTICED), unnoticed: of(mutants, UNNOTICED) }));
  const [noticed, unnoticed] = [rows.reduce((sum, row) => sum + row.noticed, 0), rows.reduce((sum, row) => sum + row.unnoticed, 0)];
  const share = noticed / (noticed + unnoticed);
  const ignored = Object.values(files).reduce((sum, { mutants }) => sum + of(mutants, ['Ignored']), 0);
  const survivors = Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants
      .filter(({ status }) => UNNOTICED.includes(status))
      .map(
        ({ location: { start }, replacement = '' }) => `| ${file.replace('src/', '')}:${start.line} | ${cell(source.split('\n')[start.line - 1]!.trim())} | ${cell(replacement)} |`,
      ),
  );
  const text = [
    `${(share * 100).toFixed(1)} % of ${noticed + unnoticed} changes of the code were noticed by its tests.${ignored === 0 ? '' : ` ${ignored} of what is made once when a file is loaded were not tried: each would need every test.`}`,
    '',
    '| file | noticed | not noticed |',
    '|---|---|---|',
    ...rows.map((row) => `| ${row.file.replace('src/', '')} | ${row.noticed} | ${row.unnoticed} |`),
    '',
    'Not noticed:',
    '',
    '| place | line | changed to |',
    '|---|---|---|',
    ...survivors,
  ].join('\n');
  return { text, share };
};
