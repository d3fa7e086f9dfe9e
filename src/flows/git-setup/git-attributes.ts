/**
 * What git must know of documents whose bytes are signed: that they are never merged line by line (two records would become a third that
 * never ran), never get other line ends, and how they are shown. A merge driver is no way: a clone that lacks its setting merges silently.
 */

const SIGNED = '-merge diff=trainlock -text';
/** Read by people as it is; approvals bind its exact bytes. */
const AGREED = '-merge -text';

/** Lines of earlier versions, which are replaced. */
const FORMER: readonly string[] = ['.trainlock/kept/** -merge -text'];

/** The lines of a project. `kept` is the folder of kept records, relative to it; undefined if it lies elsewhere. */
const linesFor = (kept: string | undefined): readonly string[] => [
  ...(kept === undefined ? [] : [`${pattern(`${kept}/**`)} ${SIGNED}`]),
  `.trainlock/approvals/** ${SIGNED}`,
  `.trainlock/exceptions/** ${SIGNED}`,
  `.trainlock/history/** ${SIGNED}`,
  `.trainlock/trust.json ${SIGNED}`,
  `.trainlock/trust.next.json ${SIGNED}`,
  `.trainlock/trust/** ${SIGNED}`,
  `.trainlock/policy.yaml ${AGREED}`,
  `*.trainlock.json ${SIGNED}`,
];

/** One path for each line, to ask git what counts for it. */
export const samplePaths = (kept: string | undefined): readonly string[] => [
  ...(kept === undefined ? [] : [`${kept}/x.statement.json`]),
  '.trainlock/approvals/x.statement.json',
  '.trainlock/exceptions/x.statement.json',
  '.trainlock/history/x.statement.json',
  '.trainlock/trust.json',
  '.trainlock/trust.next.json',
  '.trainlock/trust/v1.json',
  '.trainlock/policy.yaml',
  'x.trainlock.json',
];

/** A pattern with blanks or quotes is quoted as in C. Source: gitattributes(5). */
const pattern = (text: string): string => (/[\s"\\]/.test(text) ? JSON.stringify(text) : text);

/** Where kept records lie unless the store was moved. */
export const KEPT = '.trainlock/kept';

export type Attributes = {
  readonly text: string;
  /** Patterns of ours of which somebody else says something: those lines stay, and ours are not added. */
  readonly foreign: readonly string[];
};

/** The text of .gitattributes with our lines: at the end, because later lines win. All others stay as they are, byte for byte. */
export const withAttributes = (before: string, kept: string | undefined): Attributes => {
  const wanted = linesFor(kept);
  const lines = linesIn(before);
  const others = lines.filter((line) => !isOurs(line, wanted));
  const foreign = wanted.map(patternOf).filter((one) => others.some((line) => patternOf(line.trim()) === one));
  const kinds = lines.map((line) => (FORMER.includes(line.trim()) ? wanted.find((one) => patternOf(one) === patternOf(line.trim())) : undefined) ?? line);
  const missing = wanted.filter((line) => !kinds.some((one) => one.trim() === line) && !foreign.includes(patternOf(line)));
  const text = kinds.join('\n');
  return { text: missing.length === 0 ? text : `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`, foreign };
};

/** The text without our lines. */
export const withoutAttributes = (before: string, kept: string | undefined): string => {
  const wanted = linesFor(kept);
  return linesIn(before)
    .filter((line) => !isOurs(line, wanted))
    .join('\n');
};

/** The last one is what stands behind the last line feed. */
const linesIn = (text: string): readonly string[] => text.split('\n');

const isOurs = (line: string, wanted: readonly string[]): boolean => wanted.includes(line.trim()) || FORMER.includes(line.trim());

const patternOf = (line: string): string => /^(?:"(?:[^"\\]|\\.)*"|\S+)/.exec(line)?.[0] ?? '';
