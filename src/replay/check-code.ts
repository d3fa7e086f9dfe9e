import { constants, copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isBelow, pathOfName } from '#assembly';
import { hashFiles } from '#files';
import type { Manifest } from '#manifest';
import { mappedPath, type PathMap } from './recorded-paths.ts';
import type { RestoredCode } from './restore-code.ts';

export type CodeProblem = { readonly path: string; readonly because: string };

/**
 * Proves that every file that ran is there again: from the snapshot, or copied from its old place if it is still the same there. Code
 * outside the project must be unchanged in place.
 */
export const checkCode = async (
  manifest: Manifest,
  restored: RestoredCode,
  places: { readonly roots: Readonly<Record<string, string>>; readonly map: PathMap; readonly work: string },
): Promise<readonly CodeProblem[]> => {
  const project = places.roots['project'] ?? '/';
  const ran = [...manifest.code.files, ...(manifest.run.entryPoint === undefined ? [] : [manifest.run.entryPoint])];
  const wanted = ran.flatMap((file) => {
    const path = pathOfName(file.path, places.roots);
    const inside = path !== undefined && isBelow(path, project) ? path.slice(join(project, '/').length) : undefined;
    if (path === undefined || (inside !== undefined && restored.files.get(inside) === file.sha256)) return [];
    return [{ file, inside, now: mappedPath(path, places.map) }];
  });
  const facts = await hashFiles(wanted.map((one) => ({ path: one.now })));
  const problems: CodeProblem[] = [];
  for (const [index, { file, inside, now }] of wanted.entries()) {
    const fact = facts[index]!;
    if (file.sha256 === undefined) problems.push({ path: file.path, because: `no digest was recorded${file.withheld === undefined ? '' : ` (${file.withheld})`}` });
    else if (fact.sha256 !== file.sha256)
      problems.push({
        path: file.path,
        because: fact.kind === 'absent' ? 'it is neither in the source snapshot nor in place' : 'it is not in the source snapshot, and the file in place is another',
      });
    else if (inside !== undefined && !restored.files.has(inside)) {
      await mkdir(dirname(join(places.work, inside)), { recursive: true });
      await copyFile(now, join(places.work, inside), constants.COPYFILE_FICLONE);
    }
  }
  return problems;
};
