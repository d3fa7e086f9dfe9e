import { accepted, compareBytes, type Crypto, escapeControl, type Problem, type Reading, rejected, toHex, utf8 } from '#base';
import { buildStatement, type BuiltStatement } from '../built-statement.ts';
import { isIgnored } from './is-ignored.ts';
import { modelRoot } from './model-root.ts';
import { problemOfModelName, SINGLE_FILE } from './problem-of-model-name.ts';

/** One regular file of a model: its path below the folder of the model, with `/`, and the digest of its bytes. */
export type ModelFile = { readonly path: string; readonly sha256: string };

/** A model to be signed. */
export type ModelFiles = {
  /** The last part of the path of the model: for people only. */
  readonly name: string;
  /** Every regular file, in any order; for a model that is one file, this file under the name `.`. */
  readonly files: readonly ModelFile[];
  /** Paths that are not signed, with everything below them, for example that of the signature itself. */
  readonly ignorePaths?: readonly string[];
};

/** What is never signed, because the reference implementation never looks at it when it verifies. Source: sigstore/model-transparency 1.1.1. */
export const ALWAYS_IGNORED: readonly string[] = ['.git', '.gitattributes', '.github', '.gitignore'];

/**
 * The statement of OpenSSF Model Signing about a model: its files in the order of the bytes of their names. Ignored files are left out,
 * and the statement says which paths those are. Rejected with every bad name, digest or repetition, and if no file is left.
 * Source: ossf/model-signing-spec v1.0; method files, hash sha256, no links.
 */
export const modelStatement = ({ name, files, ignorePaths = [] }: ModelFiles, crypto: Crypto): Reading<BuiltStatement<'model-signing'>> => {
  const ignored = [...new Set([...ALWAYS_IGNORED, ...ignorePaths])].toSorted(byBytes);
  const signed = files.filter(({ path }) => !isIgnored(path, ignored)).toSorted((a, b) => byBytes(a.path, b.path));
  const problems = [...problemsOfFiles(signed), ...ignored.flatMap((path) => problemsOf(path, problemOfModelName(path))), ...nameProblems(name)];
  if (problems.length > 0) return rejected(...problems);
  const predicate = {
    resources: signed.map(({ path, sha256 }) => ({ name: path, digest: sha256, algorithm: 'sha256' })),
    serialization: { method: 'files', hash_type: 'sha256', allow_symlinks: false, ignore_paths: ignored },
  };
  return accepted(buildStatement({ kind: 'model-signing', subjects: [{ name, digest: { sha256: toHex(modelRoot(signed, crypto)) } }], predicate }, crypto));
};

/** The order of code points, which is that of UTF-8 and not that of JavaScript's own comparison. */
const byBytes = (a: string, b: string): number => compareBytes(utf8(a), utf8(b));

const problemsOfFiles = (files: readonly ModelFile[]): readonly Problem[] => {
  if (files.length === 0) return [{ pointer: '', message: 'the model has no file that would be signed' }];
  if (files.length === 1 && files[0]!.path === SINGLE_FILE) return digestProblems(files[0]!);
  return files.flatMap((file, at) => [
    ...problemsOf(file.path, problemOfModelName(file.path)),
    ...digestProblems(file),
    ...(at > 0 && files[at - 1]!.path === file.path ? problemsOf(file.path, 'is there twice') : []),
  ]);
};

const digestProblems = ({ path, sha256 }: ModelFile): readonly Problem[] =>
  /^[0-9a-f]{64}$/.test(sha256) ? [] : problemsOf(path, 'has no SHA-256 in 64 lower-case hexadecimal digits');

const nameProblems = (name: string): readonly Problem[] =>
  name.includes('/') ? [{ pointer: '', message: 'the name of the model is more than the last part of its path' }] : problemsOf(name, problemOfModelName(name));

const problemsOf = (name: string, problem: string | undefined): readonly Problem[] =>
  problem === undefined ? [] : [{ pointer: '', message: `the name '${escapeControl(name.slice(0, 200).toWellFormed())}' ${problem}` }];
