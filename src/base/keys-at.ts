/** The keys that a place may have. `keys` has them by schema path: array items are written as *, members of open objects as {}. */
export const keysAt = (pointer: string, keys: ReadonlyMap<string, readonly string[]>): readonly string[] => {
  let path = '';
  for (const token of pointer.split('/').slice(1)) {
    const known = keys.get(path);
    if (known?.includes(token) === true) path += `/${token}`;
    else path += /^[0-9]+$/.test(token) && [...keys.keys()].some((key) => key.startsWith(`${path}/*`)) ? '/*' : '/{}';
  }
  return keys.get(path) ?? [];
};
