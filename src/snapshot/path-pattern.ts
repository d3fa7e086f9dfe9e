/**
 * Whether a path is named by a pattern in which * stands for any text inside one part of a path. A path that is written letter
 * for letter like the pattern is named too: a file may have a star in its name. Takes linear time for each star.
 */
export const matchesPattern = (path: string, pattern: string): boolean => {
  if (path === pattern) return true;
  if (!pattern.includes('*')) return false;
  const parts = path.split('/');
  const wanted = pattern.split('/');
  return parts.length === wanted.length && wanted.every((part, i) => matchesPart(parts[i]!, part));
};

const matchesPart = (name: string, pattern: string): boolean => {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return name === pattern;
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return at <= name.length - last.length;
};
