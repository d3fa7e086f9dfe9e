import { countOf, escapeControl, nameText } from '#base';
import { type FileEntry, nameKey } from '#digest';
import { aspectsOf, type FileAspect } from '#snapshot';

/** What a folder has and what a list names of it, where they differ. */
export type TreeDifference = { readonly before: readonly FileEntry[]; readonly after: readonly FileEntry[] };

export type ToldDifference = {
  /** Whether a file is another, or one is there that was not recorded; else some are only gone. */
  readonly isOther: boolean;
  /** Every kind of difference with the first names. */
  readonly because: string;
};

const ASPECTS: Readonly<Record<FileAspect, string>> = { content: 'other bytes', mode: 'another mode', link: 'another link' };

/**
 * Says in one line in what a folder differs from its list of so many files. `isWhole`: the list names every file that was there, so that
 * one more is a difference.
 */
export const treeDifference = ({ before, after }: TreeDifference, { fileCount, isWhole }: { readonly fileCount: number; readonly isWhole: boolean }): ToldDifference => {
  const recorded = new Map(before.map((entry) => [nameKey(entry), entry]));
  const groups: Record<FileAspect, FileEntry[]> = { content: [], mode: [], link: [] };
  const more: FileEntry[] = [];
  for (const entry of after) {
    const old = recorded.get(nameKey(entry));
    recorded.delete(nameKey(entry));
    const aspect = old === undefined ? undefined : aspectsOf(old, entry)[0];
    if (aspect !== undefined) groups[aspect].push(entry);
    else if (isWhole) more.push(entry);
  }
  const gone = [...recorded.values()];
  const of = countOf(fileCount, 'file');
  const parts = [
    ...(['content', 'mode', 'link'] as const).flatMap((aspect) =>
      groups[aspect].length === 0 ? [] : [`${groups[aspect].length} of ${of} ${groups[aspect].length === 1 ? 'has' : 'have'} ${ASPECTS[aspect]}: ${names(groups[aspect])}`],
    ),
    ...(more.length === 0 ? [] : [`${countOf(more.length, 'file')} more than recorded: ${names(more)}`]),
    ...(gone.length === 0 ? [] : [`${gone.length} of ${of} ${gone.length === 1 ? 'is' : 'are'} gone or cannot be read: ${names(gone)}`]),
  ];
  return { isOther: parts.length > (gone.length === 0 ? 0 : 1), because: parts.join('; ') };
};

const MOST_NAMES = 3;

const names = (files: readonly FileEntry[]): string =>
  `${files
    .slice(0, MOST_NAMES)
    .map((entry) => escapeControl(nameText(entry)))
    .join(', ')}${files.length > MOST_NAMES ? ' …' : ''}`;
