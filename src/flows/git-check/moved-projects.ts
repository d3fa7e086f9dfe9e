import type { ReportedFinding } from '#report';
import type { ChangedFile } from '../git/git-files.ts';
import { projectPlace } from './document-part.ts';

/** Projects that lie elsewhere now, by the folder in which they lay. */
export type MovedProjects = ReadonlyMap<string, string>;

/** Folders of projects from which something went. */
export const partedProjects = (files: readonly ChangedFile[]): readonly string[] => [
  ...new Set(files.flatMap(({ path, before, after }) => (before !== undefined && after === undefined ? (projectPlace(path)?.project ?? []) : []))),
];

/**
 * Projects that moved as a whole: nothing is left where they were, and everything that went came in one other folder, under the same name
 * with the same bytes, and nothing else came there. Anything less is a removal. `isLeft` tells whether something of a project is still there.
 */
export const movedProjects = (files: readonly ChangedFile[], isLeft: (root: string) => boolean): MovedProjects => {
  const come = new Map<string, Set<string>>();
  for (const { path, after } of files) {
    const place = projectPlace(path);
    if (place === undefined || after === undefined) continue;
    const key = `${place.inside} ${after.oid}`;
    come.set(key, (come.get(key) ?? new Set()).add(place.project));
  }
  const moves = new Map<string, string>();
  for (const root of partedProjects(files).filter((one) => !isLeft(one))) {
    const gone = files.flatMap(({ path, before }) => {
      const place = projectPlace(path);
      return before !== undefined && place?.project === root ? [`${place.inside} ${before.oid}`] : [];
    });
    const [first, ...others] = gone.map((key) => come.get(key) ?? new Set<string>());
    const to = [...(first ?? [])].find((one) => one !== root && others.every((roots) => roots.has(one)));
    const isWhole = files.filter(({ path, after }) => after !== undefined && projectPlace(path)?.project === to).length === gone.length;
    if (to !== undefined && isWhole) moves.set(root, to);
  }
  return moves;
};

/** Whether a change says only that the project to which the file belongs moved. */
export const isMoved = ({ path, after }: ChangedFile, moves: MovedProjects): boolean => {
  const root = projectPlace(path)?.project;
  return after === undefined && root !== undefined && moves.has(root);
};

/** Somebody must look where a project went: its policy is found there, and here no longer. */
export const movedFindings = (moves: MovedProjects): readonly ReportedFinding[] =>
  [...moves].map(([from, to]) => ({
    id: 'project-moved',
    severity: 'warning',
    file: `${to}.trainlock`,
    message: `everything of the project in ${from === '' ? 'the top folder' : from} lies in ${to === '' ? 'the top folder' : to} now: whoever asks for its policy must ask there`,
  }));
