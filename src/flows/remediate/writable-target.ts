import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { isBelow } from '#assembly';
import { hashFiles } from '#files';

export type TargetPlace = {
  readonly projectRoot: string;
  /** Folders and files that are never written: the store, the policy, pins. */
  readonly never: readonly string[];
  /** Whether a person named this very file: only then may it lie outside of the project. */
  readonly isNamed: boolean;
};

/** `before` is the digest of what lies there; absent where nothing does. */
export type Target = { readonly kind: 'may'; readonly path: string; readonly isOutside: boolean; readonly before?: string } | { readonly kind: 'no'; readonly because: string };

/** Folders whose content decides who may do what, or what runs when git is asked. Compared without regard to case. */
const NEVER: ReadonlySet<string> = new Set(['.git', '.trainlock']);

/**
 * Whether a file may be replaced. Its name may come from a record: it must lie in the project with all links resolved, be a plain file or
 * nothing, and be none of what decides: policy, trust, signed statements, the repository. Never throws.
 */
export const writableTarget = async (path: string, { projectRoot, never, isNamed }: TargetPlace): Promise<Target> => {
  const [folder, root] = [await real(dirname(path)), await real(projectRoot)];
  if (folder === undefined || root === undefined) return no('the folder in which it is to lie is not there');
  const target = join(folder, basename(path));
  const isOutside = !isBelow(folder, root);
  if (isOutside && !isNamed) return no('it lies outside of the project');
  const parts = (isOutside ? target : relative(root, target)).split(sep).map((part) => part.toLowerCase());
  if (parts.some((part) => NEVER.has(part))) return no('policy, trust, signed statements and the repository are never written by this');
  for (const one of never) {
    const kept = await real(one);
    if (kept !== undefined && isBelow(target, kept)) return no('policy, trust and the store are never written by this');
  }
  const facts = await lstat(target).catch((error: NodeJS.ErrnoException) => error.code ?? 'unknown');
  if (facts === 'ENOENT') return { kind: 'may', path: target, isOutside };
  if (typeof facts === 'string') return no(`it cannot be looked at (${facts})`);
  if (!facts.isFile()) return no('a link, folder or device lies there');
  const [hashed] = await hashFiles([{ path: target }]);
  return hashed?.sha256 === undefined || hashed.changed === true ? no('it cannot be read') : { kind: 'may', path: target, isOutside, before: hashed.sha256 };
};

const no = (because: string): Target => ({ kind: 'no', because });

const real = (path: string): Promise<string | undefined> => realpath(path).catch(() => undefined);
