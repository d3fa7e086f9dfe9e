import { escapeControl } from '#base';
import type { ReportedFinding } from '#report';
import { type ChangedFile, isNoFile } from '../git/git-files.ts';
import { documentPart } from './document-part.ts';

/**
 * Entries of a change that are no documents of ours and could stand in their place: links and other repositories where our folders are,
 * names that are no text, names that some file systems take for ours, and runs that nobody has finished.
 */
export const oddEntries = (files: readonly ChangedFile[], stores: readonly string[]): readonly ReportedFinding[] => [...unfinishedRuns(files), ...oddNames(files, stores)];

/** Somebody else's trainlock might finish such a run, and sign it. */
const unfinishedRuns = (files: readonly ChangedFile[]): readonly ReportedFinding[] => {
  const come = new Set(files.flatMap(({ path, after }) => (after === undefined ? [] : [path])));
  return [...come]
    .filter((path) => /(?:^|\/)runs\/[^/]+\/started\.json$/.test(path) && !come.has(path.replace(/started\.json$/, 'statement.json')))
    .map((file) => ({
      id: 'run-unfinished',
      severity: 'error',
      file,
      message: 'a run that nobody has finished belongs to the machine on which it was started, and into no commit',
    }));
};

const oddNames = (files: readonly ChangedFile[], stores: readonly string[]): readonly ReportedFinding[] =>
  files
    .filter(({ after }) => after !== undefined)
    .flatMap(({ path, after }): readonly ReportedFinding[] => {
      const error = (id: string, message: string): readonly ReportedFinding[] => [{ id, severity: 'error', file: path, message }];
      if (path.includes(NO_TEXT) && (hasFolder(path, '.trainlock') || hasFolder(path, 'kept')))
        return error('name-not-text', 'its name is no UTF-8, so nothing can be found under it');
      const like = likeOurs(path);
      if (like !== undefined) return error('name-collides', `some file systems take ${escapeControl(like.name)} for ${like.ours}`);
      if (isNoFile(after) && documentPart(path, stores) === undefined && isOurFolder(path, stores))
        return error('document-not-a-file', "it is a link or another repository where a folder of ours is, and what lies behind it is nobody's document");
      return [];
    });

/** What stands for bytes that are no text. */
const NO_TEXT = '\ufffd';

const hasFolder = (path: string, name: string): boolean => path.split('/').includes(name);

/** Whether a path is a folder of ours, lies in one, or leads to one. */
const isOurFolder = (path: string, stores: readonly string[]): boolean =>
  hasFolder(path, '.trainlock') || stores.some((store) => `${path}/`.startsWith(store) || store.startsWith(`${path}/`));

const OURS = '.trainlock';
/** Names that mean something at the first place below it. */
const INSIDE = ['policy.yaml', 'trust.json', 'trust.next.json', 'trust', 'kept', 'runs', 'approvals', 'exceptions', 'history', 'snapshots'];

/** As file systems compare names that ignore case, letters that look alike, dots and spaces at the end, or long names. */
const folded = (name: string): string =>
  /^trainl~[0-9]/i.test(name)
    ? OURS
    : name
        .normalize('NFKC')
        .toLowerCase()
        .replace(/\p{Cf}/gu, '')
        .replace(/[. ]+$/, '');

const likeOurs = (path: string): { readonly name: string; readonly ours: string } | undefined => {
  const names = path.split('/');
  for (const [at, name] of names.entries()) {
    const shown = folded(name);
    if (shown === OURS && name !== OURS) return { name, ours: OURS };
    if (names[at - 1] === OURS && INSIDE.includes(shown) && name !== shown) return { name, ours: shown };
  }
  return undefined;
};
