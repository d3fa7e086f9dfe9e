import { compareVersions, meetsSpecifier } from './version.ts';

/** Values of the variables of environment markers. Source: PEP 508, environment markers. */
export type MarkerEnvironment = Readonly<Record<string, string>>;

/** What we know of the interpreter of the run; what is missing makes a marker unknown, and an unknown marker counts as true. */
export const markerEnvironment = (python: { readonly version?: string; readonly implementation?: string }): MarkerEnvironment => {
  const machine = process.arch === 'x64' ? 'x86_64' : process.arch === 'arm64' ? (process.platform === 'darwin' ? 'arm64' : 'aarch64') : process.arch;
  const system = process.platform === 'win32' ? 'Windows' : process.platform === 'darwin' ? 'Darwin' : 'Linux';
  const implementation = python.implementation?.toLowerCase() ?? 'cpython';
  return {
    os_name: process.platform === 'win32' ? 'nt' : 'posix',
    sys_platform: process.platform,
    platform_machine: machine,
    platform_system: system,
    implementation_name: implementation,
    platform_python_implementation: implementation === 'pypy' ? 'PyPy' : 'CPython',
    ...(python.version === undefined
      ? {}
      : { python_version: python.version.split('.').slice(0, 2).join('.'), python_full_version: python.version, implementation_version: python.version }),
  };
};

type Token = { readonly kind: 'name' | 'text' | 'operator' | 'bracket'; readonly value: string };

const TOKEN = /\s*(?:([()])|'([^']*)'|"([^"]*)"|(not\s+in\b|in\b|and\b|or\b|===|==|!=|<=|>=|~=|<|>)|([A-Za-z_.]+))/y;

/**
 * Whether a marker holds, with an extra asked for or none. A marker that cannot be judged (unknown variable, bad syntax) holds:
 * a requirement too many is told, one too few would be hidden.
 */
export const markerHolds = (marker: string, environment: MarkerEnvironment, extra: string = ''): boolean => {
  if (marker === '') return true;
  const tokens = tokensOf(marker.slice(0, 4096));
  if (tokens === undefined) return true;
  const state = { at: 0, depth: 0 };
  const value = orOf(tokens, state, { ...environment, extra });
  return state.at === tokens.length ? value !== false : true;
};

const tokensOf = (marker: string): readonly Token[] | undefined => {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  let at = 0;
  while (marker.slice(at).trim() !== '') {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(marker);
    if (match === null) return undefined;
    const [, bracket, single, double, operator, name] = match;
    if (bracket !== undefined) tokens.push({ kind: 'bracket', value: bracket });
    else if (operator !== undefined) tokens.push({ kind: 'operator', value: operator.replace(/\s+/g, ' ') });
    else if (name !== undefined) tokens.push({ kind: 'name', value: name.replace(/\./g, '_') });
    else tokens.push({ kind: 'text', value: single ?? double ?? '' });
    at = TOKEN.lastIndex;
  }
  return tokens;
};

type State = { at: number; depth: number };

/** Three-valued: undefined is unknown. */
const orOf = (tokens: readonly Token[], state: State, environment: MarkerEnvironment): boolean | undefined => {
  let value = andOf(tokens, state, environment);
  while (tokens[state.at]?.value === 'or' && tokens[state.at]?.kind === 'operator') {
    state.at += 1;
    const right = andOf(tokens, state, environment);
    value = value === true || right === true ? true : value === undefined || right === undefined ? undefined : false;
  }
  return value;
};

const andOf = (tokens: readonly Token[], state: State, environment: MarkerEnvironment): boolean | undefined => {
  let value = atomOf(tokens, state, environment);
  while (tokens[state.at]?.value === 'and' && tokens[state.at]?.kind === 'operator') {
    state.at += 1;
    const right = atomOf(tokens, state, environment);
    value = value === false || right === false ? false : value === undefined || right === undefined ? undefined : true;
  }
  return value;
};

const atomOf = (tokens: readonly Token[], state: State, environment: MarkerEnvironment): boolean | undefined => {
  if (tokens[state.at]?.kind === 'bracket' && tokens[state.at]!.value === '(' && state.depth < 50) {
    state.at += 1;
    state.depth += 1;
    const value = orOf(tokens, state, environment);
    state.depth -= 1;
    if (tokens[state.at]?.value === ')') state.at += 1;
    return value;
  }
  const [left, operator, right] = [tokens[state.at], tokens[state.at + 1], tokens[state.at + 2]];
  state.at += 3;
  if (left === undefined || operator?.kind !== 'operator' || right === undefined) return undefined;
  return compare(valueOf(left, environment), operator.value, valueOf(right, environment), left.kind === 'name' ? left.value : right.value);
};

const valueOf = (token: Token, environment: MarkerEnvironment): string | undefined =>
  token.kind === 'text' ? token.value : token.kind === 'name' && Object.hasOwn(environment, token.value) ? environment[token.value] : undefined;

const compare = (left: string | undefined, operator: string, right: string | undefined, variable: string): boolean | undefined => {
  if (left === undefined || right === undefined) return undefined;
  if (operator === 'in') return right.includes(left);
  if (operator === 'not in') return !right.includes(left);
  if (variable === 'extra') return (left.toLowerCase().replace(/[-_.]+/g, '-') === right.toLowerCase().replace(/[-_.]+/g, '-')) === (operator === '==');
  if (/version/.test(variable) && compareVersions(left, right.replace(/\.\*$/, '')) !== undefined) return meetsSpecifier(left, `${operator}${right}`);
  if (operator === '==' || operator === '===') return left === right;
  if (operator === '!=') return left !== right;
  return undefined;
};
