/** A requirement as in Requires-Dist or a requirements file. Source: PEP 508. */
export type Requirement = {
  /** Normalised name. */
  readonly name: string;
  readonly extras: readonly string[];
  /** Version clauses as text, for example >=1.20,<2. */
  readonly specifier: string;
  /** Environment marker as text, empty if none. */
  readonly marker: string;
};

/** Source: PEP 503. */
export const normalName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

/** Reads one requirement; undefined for anything that is none (a path, a URL without a name, an option). The text is hostile and short. */
export const readRequirement = (text: string): Requirement | undefined => {
  const line = text.trim().slice(0, 4096);
  const match = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]{0,500})\])?\s*(.*)$/s.exec(line);
  if (match === null) return undefined;
  const rest = match[3]!;
  const semicolon = markerStart(rest);
  const clauses = (semicolon === -1 ? rest : rest.slice(0, semicolon))
    .trim()
    .replace(/^\(|\)$/g, '')
    .trim();
  if (clauses !== '' && !/^(?:@|[<>=!~])/.test(clauses)) return undefined;
  return {
    name: normalName(match[1]!),
    extras: (match[2] ?? '')
      .split(',')
      .map((extra) => normalName(extra.trim()))
      .filter((extra) => extra !== ''),
    specifier: clauses.startsWith('@') ? '' : clauses.replace(/\s+/g, ''),
    marker: semicolon === -1 ? '' : rest.slice(semicolon + 1).trim(),
  };
};

/** In `name @ url ; marker` the URL may hold semicolons: there the marker stands behind a blank. */
const markerStart = (rest: string): number => {
  if (!rest.startsWith('@')) return rest.indexOf(';');
  const at = rest.search(/\s;/);
  return at === -1 ? -1 : at + 1;
};
