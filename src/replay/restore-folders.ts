import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Makes the folders that were there when the recorded run started: it may write into them without making them. A folder that is still
 * there tells by the time of its birth; one that is gone is made, because most programs make their folders only if they are missing.
 */
export const restoreFolders = async (
  outputsInProject: readonly string[],
  places: { readonly project: string; readonly work: string; readonly startedAtMs: number },
): Promise<void> => {
  const folders = new Set<string>();
  for (const output of outputsInProject) for (let folder = dirname(output); folder !== '.' && folder !== '/'; folder = dirname(folder)) folders.add(folder);
  for (const folder of [...folders].sort()) {
    const born = await stat(join(places.project, folder)).then(
      (facts) => facts.birthtimeMs,
      () => undefined,
    );
    if (born === undefined || born < places.startedAtMs) await mkdir(join(places.work, folder), { recursive: true });
  }
};

/** The nearest folder that exists, from a path upwards. */
export const nearestFolder = async (path: string): Promise<string> => {
  for (let folder = path; ; folder = dirname(folder)) {
    const facts = await stat(folder).catch(() => undefined);
    if (facts?.isDirectory() === true || folder === '/') return folder;
  }
};
