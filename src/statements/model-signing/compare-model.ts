import { isIgnored } from './is-ignored.ts';
import type { ModelFile } from './model-statement.ts';
import type { ModelStatement } from './read-model-statement.ts';

/** How the files at hand compare with the signed list. Lists are in the order of the names as they were given. */
export type ModelComparison = {
  readonly kind: 'same' | 'different';
  /** Signed and not there. */
  readonly missing: readonly string[];
  /** There under a signed name, with other content. */
  readonly otherBytes: readonly string[];
  /** There, and neither signed nor ignored by the signer. */
  readonly unlisted: readonly string[];
  /** There below a path that the signer ignored: the signature says nothing about them, so they are told and not counted. */
  readonly ignored: readonly string[];
};

/**
 * Compares the files of a model at hand with what was signed, name by name and digest by digest. The root takes no part: it is the same
 * after a rename. `statement` comes from `readModelStatement`, which has checked names and root; `files` are all regular files below the
 * folder of the model, also those below ignored paths.
 */
export const compareModel = (statement: ModelStatement, files: readonly ModelFile[]): ModelComparison => {
  const signed = new Map(statement.files.map(({ path, sha256 }) => [path, sha256]));
  const there = new Map(files.map(({ path, sha256 }) => [path, sha256]));
  const missing = [...signed.keys()].filter((path) => !there.has(path));
  const otherBytes = files.filter(({ path, sha256 }) => signed.has(path) && signed.get(path) !== sha256).map(({ path }) => path);
  const others = files.filter(({ path }) => !signed.has(path)).map(({ path }) => path);
  const unlisted = others.filter((path) => !isIgnored(path, statement.ignorePaths));
  const ignored = others.filter((path) => isIgnored(path, statement.ignorePaths));
  return { kind: missing.length + otherBytes.length + unlisted.length === 0 ? 'same' : 'different', missing, otherBytes, unlisted, ignored };
};
