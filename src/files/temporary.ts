import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** What means nothing without this process. */
const temporaries = new Set<string>();

/** Remembers a file or folder, so that it is removed if the process is interrupted; the answer forgets it: it is gone, or has become something. */
export const markTemporary = (path: string): (() => void) => {
  temporaries.add(path);
  return () => void temporaries.delete(path);
};

export type TemporaryFolder = { readonly path: string; readonly remove: () => Promise<void> };

/** A new folder below another one, which the caller removes. Throws what making it throws. */
export const makeTemporaryFolder = async (parent: string, prefix: string): Promise<TemporaryFolder> => {
  const path = await mkdtemp(join(parent, prefix));
  const forget = markTemporary(path);
  const remove = async (): Promise<void> => {
    await rm(path, { recursive: true, force: true });
    forget();
  };
  return { path, remove };
};

/** A new folder below another one that is made when it is needed for the first time; the caller removes it. `make` throws what making it throws. */
export const planTemporaryFolder = (parent: string, prefix: string): TemporaryFolder & { readonly make: () => Promise<void> } => {
  const path = join(parent, `${prefix}${randomUUID()}`);
  let making: Promise<unknown> | undefined;
  const forget = markTemporary(path);
  const remove = async (): Promise<void> => {
    if (making !== undefined) await rm(path, { recursive: true, force: true });
    forget();
  };
  return {
    path,
    remove,
    make: async () => {
      making ??= mkdir(path, { mode: 0o700 });
      await making;
    },
  };
};

/** Removes what is still marked, at once: for a process that is about to end. Never throws. */
export const removeTemporaries = (): void => {
  for (const path of temporaries) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // What cannot be removed is left; nothing depends on it.
    }
  }
  temporaries.clear();
};
