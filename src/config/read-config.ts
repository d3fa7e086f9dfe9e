import { accepted, keysAt, nearest, type Problem, problemsOf, type Reading, rejected } from '#base';
import { type ParsedSource, placedIn, readPlainYaml } from '#yaml';
import { decimalProblems, withDecimals } from './decimals.ts';
import { CONFIG_KEYS } from './generated/config-keys.ts';
import type { Config as Declared } from './generated/config-types.ts';
import { schemaErrors } from './generated/config-validator.ts';
import { parsePyproject } from './parse-toml.ts';

/** What people declare about a project. Bounds and tolerances are decimal strings, as written in the source. */
export type Config = Omit<Declared, 'metrics' | 'criteria' | 'canary'> & {
  readonly metrics?: Readonly<Record<string, Decimal<NonNullable<Declared['metrics']>[string]>>>;
  readonly criteria?: readonly Decimal<NonNullable<Declared['criteria']>[number]>[];
  readonly canary?: Omit<NonNullable<Declared['canary']>, 'absoluteTolerance'> & { readonly absoluteTolerance?: string };
};

type Decimal<T> = { readonly [Key in keyof T]: number extends T[Key] ? string : Exclude<T[Key], number> };

/**
 * Reads trainlock.yaml from untrusted bytes. Never throws; reports every problem with its line and, for an unknown key, the
 * nearest known one. An empty file is an empty configuration.
 */
export const readConfig = (bytes: Uint8Array): Reading<Config> => {
  const source = readPlainYaml(bytes);
  return source.kind === 'rejected' ? source : checkConfig(source.value);
};

/** Reads [tool.trainlock] from untrusted bytes of pyproject.toml; undefined if there is no such table. Never throws. */
export const readPyproject = (bytes: Uint8Array): Reading<Config | undefined> => {
  const source = parsePyproject(bytes);
  if (source.kind === 'rejected') return source;
  return source.value === undefined ? accepted(undefined) : checkConfig(source.value);
};

const checkConfig = (source: ParsedSource): Reading<Config> => {
  const value = source.value === null ? {} : source.value;
  const errors = schemaErrors(value);
  const misfits = errors.length > 0 ? problemsOf(errors, value, nearest, (pointer) => keysAt(pointer, CONFIG_KEYS)).map(inPlainWords) : [];
  const problems = [...misfits, ...decimalProblems(value, source.numbers)].map(placedIn(source));
  return problems.length > 0 ? rejected(...problems) : accepted(withDecimals(value as Declared, source.numbers));
};

/** Text that YAML reads as a number or a boolean is the most frequent surprise. */
const inPlainWords = (problem: Problem): Problem => {
  const message = problem.message.replace(/ must be number,string$/, ' must be a number');
  if (problem.hint === undefined && /^(true|false|-?[0-9.e+]+) must be text$/.test(message)) return { ...problem, message, hint: 'write the value in quotes' };
  return { ...problem, message };
};
