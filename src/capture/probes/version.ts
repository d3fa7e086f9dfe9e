/** A version as a list that can be compared. Source: PEP 440. */
type Version = {
  readonly epoch: number;
  readonly release: readonly number[];
  readonly pre: readonly [number, number];
  readonly post: number;
  readonly dev: number;
  readonly local: string;
};

const PATTERN =
  /^v?(?:(\d{1,9})!)?(\d{1,12}(?:\.\d{1,12}){0,20})[-_.]?(?:(a|alpha|b|beta|c|rc|pre|preview)[-_.]?(\d{0,9}))?(?:[-_.]?(post|rev|r)[-_.]?(\d{0,9})|-(\d{1,9}))?(?:[-_.]?dev[-_.]?(\d{0,9}))?(?:\+([a-z0-9][a-z0-9._-]{0,100}))?$/;

const readVersion = (text: string): Version | undefined => {
  const match = PATTERN.exec(text.trim().toLowerCase());
  if (match === null) return undefined;
  const release = match[2]!.split('.').map(Number);
  while (release.length > 1 && release.at(-1) === 0) release.pop();
  const hasPost = match[5] !== undefined || match[7] !== undefined;
  const dev = match[8];
  const kind = match[3] === undefined ? undefined : match[3].startsWith('a') ? 0 : match[3].startsWith('b') ? 1 : 2;
  // A development release of a final version comes before its pre-releases.
  const pre: readonly [number, number] = kind === undefined ? (dev !== undefined && !hasPost ? [-1, 0] : [3, 0]) : [kind, Number(match[4] ?? 0)];
  return {
    epoch: Number(match[1] ?? 0),
    release,
    pre,
    post: hasPost ? Number(match[6] ?? match[7] ?? 0) : -1,
    dev: dev === undefined ? Number.POSITIVE_INFINITY : Number(dev),
    local: (match[9] ?? '').replace(/[-_]/g, '.'),
  };
};

/** Negative, zero or positive; undefined if one of them is no version. Local parts (+cpu) are ignored unless `local` is asked for. */
export const compareVersions = (a: string, b: string, local: boolean = false): number | undefined => {
  const [x, y] = [readVersion(a), readVersion(b)];
  if (x === undefined || y === undefined) return undefined;
  const length = Math.max(x.release.length, y.release.length);
  const keys = (v: Version): readonly number[] => [v.epoch, ...Array.from({ length }, (_, index) => v.release[index] ?? 0), ...v.pre, v.post, v.dev];
  const [p, q] = [keys(x), keys(y)];
  for (const [index, value] of p.entries()) if (value !== q[index]) return value - q[index]!;
  return !local || x.local === y.local ? 0 : x.local < y.local ? -1 : 1;
};

/** Whether a version meets clauses such as >=1.20,<2,!=1.24.1; undefined if one cannot be judged. Source: PEP 440, version specifiers. */
export const meetsSpecifier = (version: string, specifier: string): boolean | undefined => {
  const results = specifier
    .split(',')
    .filter((clause) => clause.trim() !== '')
    .map((clause) => meetsClause(version, clause.trim()));
  return results.includes(false) ? false : results.includes(undefined) ? undefined : true;
};

const meetsClause = (version: string, clause: string): boolean | undefined => {
  const match = /^(===|==|!=|<=|>=|~=|<|>)\s*(.{1,200})$/.exec(clause);
  if (match === null) return undefined;
  const [, operator, wanted] = match as unknown as readonly [string, string, string];
  if (operator === '===') return version === wanted;
  if (wanted.endsWith('.*') && (operator === '==' || operator === '!=')) {
    const holds = hasPrefix(version, wanted.slice(0, -2));
    return holds === undefined ? undefined : holds === (operator === '==');
  }
  const order = compareVersions(version, wanted, wanted.includes('+'));
  if (order === undefined) return undefined;
  switch (operator) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    default:
      return order >= 0 && hasPrefix(version, wanted.split('.').slice(0, -1).join('.'));
  }
};

const hasPrefix = (version: string, prefix: string): boolean | undefined => {
  const [v, p] = [readVersion(version), readVersion(prefix)];
  const wanted = prefix.replace(/^v/, '').split('.').map(Number);
  return v === undefined || p === undefined ? undefined : v.epoch === p.epoch && wanted.every((part, index) => (v.release[index] ?? 0) === part);
};
