import { countOf, type Problem } from '#base';
import type { DeprecatedField } from '#manifest';
import type { MigrationNote } from '#migrate';
import { bad, faint, good, type Line, open, type Page } from './page.ts';
import { deprecationLine } from './validation-page.ts';

/** A record as another version of the schema says it. */
export type ShownRecord = { readonly file: string } & (
  | {
      readonly kind: 'shown';
      readonly runId: string;
      readonly name?: string;
      readonly from: string;
      readonly to: string;
      readonly notes: readonly MigrationNote[];
      readonly deprecated: readonly DeprecatedField[];
      readonly unknown: readonly string[];
      readonly written?: { readonly path: string; readonly change: 'new' | 'changed' | 'as it was' };
    }
  | { readonly kind: 'undecided' | 'invalid' | 'unread'; readonly problems: readonly Problem[] }
);

/** One line for each record, and what its view says otherwise; for many records the same notes once. */
export const migrationPage = (records: readonly ShownRecord[]): Page => [
  ...records.flatMap((record): Page => {
    const inner = records.length === 1 ? innerLines(record) : shortLines(record);
    return [{ kind: 'paragraph', line: headLine(record) }, ...(inner.length === 0 ? [] : [{ kind: 'list' as const, items: inner.map((line) => ({ line })) }])];
  }),
  ...(records.length > 1 ? [{ kind: 'paragraph' as const, line: [summary(records)] }] : []),
];

const headLine = (record: ShownRecord): Line => {
  if (record.kind !== 'shown') return [`${record.file}: `, ...UNSHOWN[record.kind]];
  const { name, runId, from, to, unknown } = record;
  return [
    `${name ?? runId.slice(0, 8)}  `,
    ...(from === to ? [good('nothing to migrate'), `: it was written in schema ${from}`] : [good(`schema ${from}, shown as ${to}`)]),
    unknown.length === 0 ? '' : open(`, ${countOf(unknown.length, 'field')} not understood`),
    faint('; the signed bytes stay as they are'),
  ];
};

const UNSHOWN: Readonly<Record<Exclude<ShownRecord['kind'], 'shown'>, Line>> = {
  invalid: [bad('not a record')],
  undecided: [open('undecided'), ', it must not be judged by this version'],
  unread: [open('not read'), ', so nothing is said of it'],
};

const WORDS: Readonly<Record<MigrationNote['kind'], string>> = { moved: 'moved', unknown: 'unknown', 'kept-aside': 'kept aside', 'not-recorded': 'not recorded' };

const innerLines = (record: ShownRecord): readonly Line[] => {
  if (record.kind !== 'shown') return shortLines(record);
  return [
    ...record.notes.map(({ kind, pointer, from, because }): Line => [`${WORDS[kind]}: ${from === undefined ? '' : `${from} → `}${pointer}: `, faint(because)]),
    ...record.unknown.map((pointer): Line => [open('not understood: '), pointer]),
    ...record.deprecated.map(deprecationLine),
    ...shortLines(record),
  ];
};

const shortLines = (record: ShownRecord): readonly Line[] => {
  if (record.kind !== 'shown') return record.problems.slice(0, 5).map(({ pointer, message }): Line => [`${pointer === '' ? '' : `${pointer}: `}${message}`]);
  const { written } = record;
  return written === undefined ? [] : [[`${written.change === 'as it was' ? 'there already' : written.change}: ${written.path}`]];
};

const summary = (records: readonly ShownRecord[]): string => {
  const count = (text: string, is: (record: ShownRecord) => boolean): readonly string[] => {
    const found = records.filter(is).length;
    return found === 0 ? [] : [`${found} ${text}`];
  };
  const parts = [
    ...count('shown in another version', (one) => one.kind === 'shown' && one.from !== one.to),
    ...count('in this version already', (one) => one.kind === 'shown' && one.from === one.to),
    ...count('undecided', ({ kind }) => kind === 'undecided'),
    ...count('not read', ({ kind }) => kind === 'unread'),
    ...count('no records', ({ kind }) => kind === 'invalid'),
  ];
  return `${countOf(records.length, 'record')}: ${parts.join(', ')}`;
};
