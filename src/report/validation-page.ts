import { countOf, exhaustive, type Problem } from '#base';
import type { DeprecatedField, DocumentForm } from '#manifest';
import type { DataDocumentForm } from '#snapshot';
import { bad, faint, good, type Line, open, type Page, type Span } from './page.ts';

/** What became of one file that should hold a manifest, a snapshot or an erasure. */
export type ValidatedFile =
  | {
      readonly file: string;
      readonly kind: 'valid';
      readonly form: DocumentForm | DataDocumentForm;
      readonly schemaVersion: string;
      /** Places that a newer minor version added. */ readonly unknown: readonly string[];
      /** Places that are still read and not to be written any more. */ readonly deprecated?: readonly DeprecatedField[];
    }
  | { readonly file: string; readonly kind: 'invalid'; readonly form: DocumentForm | DataDocumentForm; readonly problems: readonly Problem[] }
  | { readonly file: string; readonly kind: 'newer'; readonly form: DocumentForm | DataDocumentForm; readonly schemaVersion: string; readonly problems: readonly Problem[] }
  /** It could not be read at all. */
  | { readonly file: string; readonly kind: 'unreadable'; readonly because: string };

const MOST = 200;

/** Every file with every problem, in the form FILE:LINE: POINTER: what is wrong. */
export const validationPage = (files: readonly ValidatedFile[]): Page => [
  ...files.flatMap((file): Page => [
    { kind: 'paragraph', line: headLine(file) },
    ...(problemLines(file).length === 0 ? [] : [{ kind: 'list' as const, items: problemLines(file).map((line) => ({ line })) }]),
  ]),
  ...(files.length > 1 ? [{ kind: 'paragraph' as const, line: [summary(files)] }] : []),
];

const headLine = (file: ValidatedFile): Line => {
  switch (file.kind) {
    case 'valid':
      return [
        `${file.file}: `,
        good('valid'),
        faint(`, ${file.form === 'manifest' ? 'bare manifest' : file.form}, schema ${file.schemaVersion}`),
        file.unknown.length === 0 ? '' : open(`, ${countOf(file.unknown.length, 'field')} not understood`),
      ];
    case 'invalid':
      return [`${file.file}: `, bad('not valid'), faint(`${formText(file.form)}, ${countOf(file.problems.length, 'problem')}`)];
    case 'newer':
      return [`${file.file}: `, open(`undecided (schema ${file.schemaVersion})`)];
    case 'unreadable':
      return [`${file.file}: `, bad('could not be read'), `: ${file.because}`];
    default:
      return exhaustive(file);
  }
};

/** The form, where it is not that of a manifest. */
const formText = (form: DocumentForm | DataDocumentForm): string => (form === 'snapshot' || form === 'erasure' ? `, ${form}` : '');

const problemLines = (file: ValidatedFile): readonly Line[] => {
  if (file.kind === 'unreadable') return [];
  if (file.kind === 'valid') return [...file.unknown.map((pointer): Line => [open('not understood: '), pointer]), ...(file.deprecated ?? []).map(deprecationLine)];
  const shown = file.problems.slice(0, MOST).map((problem): Line => [...placeSpans(problem), problem.message, problem.hint === undefined ? '' : faint(`  ${problem.hint}`)]);
  return file.problems.length > MOST ? [...shown, [faint(`… and ${file.problems.length - MOST} more`)]] : shown;
};

/** A field that is still read: since when not to be written any more, why, and what says it now. */
export const deprecationLine = ({ pointer, since, because, use }: DeprecatedField): Line => [
  open('deprecated'),
  ` since ${since}: ${pointer}: ${because}${use === undefined ? '' : `; in its place ${use}`}`,
];

const placeSpans = ({ pointer, line }: Problem): readonly Span[] => [faint(line === undefined ? '' : `line ${line}: `), pointer === '' ? '' : `${pointer}: `];

const summary = (files: readonly ValidatedFile[]): string => {
  const count = (kind: ValidatedFile['kind'], text: string): readonly string[] => {
    const found = files.filter((file) => file.kind === kind).length;
    return found === 0 ? [] : [`${found} ${text}`];
  };
  return `${countOf(files.length, 'file')}: ${[...count('valid', 'valid'), ...count('invalid', 'not valid'), ...count('newer', 'undecided'), ...count('unreadable', 'not readable')].join(', ')}`;
};
