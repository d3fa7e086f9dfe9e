import { readFileSync } from 'node:fs';
import { normalName, readRequirement, type Requirement } from './requirement.ts';

/** What METADATA or PKG-INFO says. */
export type Metadata = { readonly name: string; readonly version: string; readonly requires: readonly Requirement[] };

/** Reads the headers of METADATA; the description behind the first empty line is not looked at. Hostile text: bounded and line by line. */
export const readMetadata = (text: string): Metadata | undefined => {
  let name: string | undefined;
  let version: string | undefined;
  const requires: Requirement[] = [];
  let from = 0;
  while (from < text.length) {
    let end = text.indexOf('\n', from);
    if (end === -1) end = text.length;
    const line = text.slice(from, end);
    from = end + 1;
    if (line === '' || line === '\r') break;
    if (line.startsWith('Name:')) name ??= line.slice(5).trim();
    else if (line.startsWith('Version:')) version ??= line.slice(8).trim();
    else if (line.startsWith('Requires-Dist:') && requires.length < 2000) {
      const requirement = readRequirement(line.slice(14));
      if (requirement !== undefined) requires.push(requirement);
    }
  }
  return name === undefined || name === '' || version === undefined || version === ''
    ? undefined
    : { name: normalName(name).slice(0, 1024), version: version.slice(0, 1024), requires };
};

/** requires.txt of an egg: requirements, with [extra] and [extra:marker] headings. Source: setuptools, "Egg metadata". */
export const readEggRequires = (text: string): readonly Requirement[] => {
  let extra = '';
  let marker = '';
  return text.split('\n').flatMap((line) => {
    const heading = /^\[([^:\]]*)(?::(.*))?\]\s*$/.exec(line);
    if (heading !== null) {
      extra = heading[1]!;
      marker = heading[2] ?? '';
      return [];
    }
    const requirement = readRequirement(line);
    if (requirement === undefined) return [];
    const clauses = [extra === '' ? '' : `extra == '${extra}'`, marker === '' ? '' : `(${marker})`].filter((clause) => clause !== '');
    return [{ ...requirement, marker: clauses.join(' and ') }];
  });
};

/** Text of a file in a distribution; undefined if it is not there. Synchronous: hundreds of small files are read three times as fast. */
export const textAt = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};
