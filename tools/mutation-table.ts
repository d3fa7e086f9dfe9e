import { readFileSync } from 'node:fs';

type Mutant = { readonly mutatorName: string; readonly status: string; readonly replacement?: string; readonly location: { readonly start: { readonly line: number } } };
type Report = { readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>> };

/** Changes of code that the tests notice: a test failed, or did not end. */
const NOTICED = ['Killed', 'Timeout'];
const UNNOTICED = ['Survived', 'NoCoverage'];

const cell = (text: string): string => `\`${text.replaceAll('`', "'").replaceAll('|', '\\|').replaceAll('\n', ' ').slice(0, 100)}\``;

/** Why no test can notice a change: what is then done is the same. `to`: every change of the line, if nothing is said. */
type Argument = { readonly file: string; readonly line: string; readonly to?: readonly string[]; readonly why: string };

type Survivor = { readonly file: string; readonly at: number; readonly line: string; readonly to: string };

const argues = ({ file, line, to }: Argument, survivor: Survivor): boolean => file === survivor.file && line === survivor.line && (to === undefined || to.includes(survivor.to));

/**
 * A table of how many changes were noticed in each room, and a list of those that were not: first those for which nobody has said why,
 * then the others with the reason. A reason that fits none is told too: it is out of date. Source: the JSON report of Stryker.
 */
export const mutationTable = (path: string, argumentsPath: string): { readonly text: string; readonly share: number; readonly unargued: number } => {
  const { files } = JSON.parse(readFileSync(path, 'utf8')) as Report;
  const reasons = JSON.parse(readFileSync(argumentsPath, 'utf8')) as readonly Argument[];
  const of = (mutants: readonly Mutant[], states: readonly string[]): number => mutants.filter(({ status }) => states.includes(status)).length;
  const rows = Object.entries(files).map(([file, { mutants }]) => ({ file: shortened(file), noticed: of(mutants, NOTICED), unnoticed: of(mutants, UNNOTICED) }));
  const [noticed, unnoticed] = [rows.reduce((sum, row) => sum + row.noticed, 0), rows.reduce((sum, row) => sum + row.unnoticed, 0)];
  const ignored = Object.values(files).reduce((sum, { mutants }) => sum + of(mutants, ['Ignored']), 0);
  const survivors = Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants
      .filter(({ status }) => UNNOTICED.includes(status))
      .map(({ location: { start }, replacement = '' }): Survivor => ({ file: shortened(file), at: start.line, line: source.split('\n')[start.line - 1]!.trim(), to: replacement })),
  );
  const told = survivors.map((survivor) => ({ ...survivor, why: reasons.find((reason) => argues(reason, survivor))?.why }));
  const unargued = told.filter(({ why }) => why === undefined);
  const outdated = reasons.filter((reason) => !survivors.some((survivor) => argues(reason, survivor)));
  const share = noticed / (noticed + unnoticed);
  const text = [
    `${(share * 100).toFixed(1)} % of ${noticed + unnoticed} changes of the code were noticed by its tests; of the other ${unnoticed} it is said below why no test can notice them${unargued.length === 0 ? '' : `, but for ${unargued.length}`}.${ignored === 0 ? '' : ` ${ignored} of what is made once when a file is loaded were not tried: each would need every test.`}`,
    '',
    '| file | noticed | not noticed |',
    '|---|---|---|',
    ...rows.map((row) => `| ${row.file} | ${row.noticed} | ${row.unnoticed} |`),
    ...tableOf('Not noticed, and nobody has said why:', unargued),
    ...tableOf(
      'Not noticed, because nothing would be done otherwise:',
      told.filter(({ why }) => why !== undefined),
    ),
    ...(outdated.length === 0 ? [] : ['', `Reasons that fit nothing any more: ${outdated.map(({ file, line }) => `${file} ${cell(line)}`).join('; ')}.`]),
  ].join('\n');
  return { text, share, unargued: unargued.length };
};

const shortened = (file: string): string => file.replace('src/', '');

const tableOf = (title: string, survivors: readonly (Survivor & { readonly why: string | undefined })[]): readonly string[] =>
  survivors.length === 0
    ? []
    : [
        '',
        title,
        '',
        '| place | line | changed to | why |',
        '|---|---|---|---|',
        ...survivors.map(({ file, at, line, to, why }) => `| ${file}:${at} | ${cell(line)} | ${cell(to)} | ${why ?? '–'} |`),
      ];
