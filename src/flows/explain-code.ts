/** What an error code, a kind of finding or an exit code means. */
import { ERROR_CODES, FINDING_KINDS } from '#base';

export type Explanation = {
  /** TL0101, unseeded-source or 3. */
  readonly code: string;
  readonly kind: 'error' | 'finding' | 'exit';
  readonly title: string;
  readonly text: string;
  /** Exit code of a command that ends with this error. */
  readonly exit?: number;
};

/** Source: docs/reference/cli.md. */
const EXITS: readonly Explanation[] = [
  { code: '0', title: 'yes', text: 'What was asked holds: valid, intact, repeated, done.' },
  { code: '1', title: 'no', text: 'A definite no: invalid, broken, different beyond tolerance, denied.' },
  { code: '2', title: 'not carried out', text: 'The question could not be answered: wrong usage, missing file, input or output failed, or a fault of trainlock.' },
  { code: '3', title: 'undecided', text: 'Evidence is missing or says nothing clear, or the record is from a newer version. It is never a yes.' },
  { code: '125', title: 'refused', text: 'trainlock did not start the command: run could not record it and --require-record demands a record, or exec could not pin it.' },
  { code: '126', title: 'not executable', text: 'trainlock run or exec found the command, but it could not be started.' },
  { code: '127', title: 'not found', text: 'trainlock run or exec did not find the command.' },
  { code: '128+N', title: 'signal', text: 'The command that trainlock run or exec started was ended by signal N; for example 137 is SIGKILL (9), often out of memory.' },
].map((row) => ({ ...row, kind: 'exit' as const }));

/** Everything that can be explained, in the order errors, findings, exit codes. */
export const allExplanations = (): readonly Explanation[] => [
  ...Object.entries(ERROR_CODES).map(([code, { title, explanation, exit }]) => ({ code, kind: 'error' as const, title, text: explanation, exit })),
  ...Object.entries(FINDING_KINDS).map(([code, text]) => ({ code, kind: 'finding' as const, title: code.replaceAll('-', ' '), text })),
  ...EXITS,
];

/** The explanation of one code, in capitals or not; 129 to 255 are signals. Undefined if the code is not known. */
export const explainCode = (code: string): Explanation | undefined => {
  const exact = allExplanations().find((row) => row.code.toLowerCase() === code.toLowerCase());
  if (exact !== undefined || !/^[0-9]{3}$/.test(code)) return exact;
  const signal = Number(code) - 128;
  const general = EXITS.find((row) => row.code === '128+N')!;
  return signal > 0 && signal < 128 ? { ...general, code, title: `signal ${signal}` } : undefined;
};
