/** Turns absolute paths into names that compare across machines: ${project}/train.py. */
export type PathNames = {
  readonly roots: Readonly<Record<string, string>>;
  /** The name of an absolute path; a path below no root stays absolute. */
  readonly nameOf: (absolute: string) => string;
};

/**
 * Names for paths below roots. The longest root wins; a root of / or '' is ignored. `aliases` are prefixes that mean the same
 * place as a root (a replay sees the recorded place under another path).
 */
export const pathNames = (roots: Readonly<Record<string, string>>, aliases: readonly { readonly from: string; readonly to: string }[] = []): PathNames => {
  const known = Object.entries(roots)
    .map(([name, path]) => ({ name, path: path.replace(/(?<!\/)\/+$/, '') }))
    .filter((root) => root.path !== '')
    .sort((a, b) => b.path.length - a.path.length);
  const nameOf = (absolute: string): string => {
    const path = throughAliases(absolute, aliases);
    const root = known.find((one) => path === one.path || path.startsWith(`${one.path}/`));
    return root === undefined ? path : `\${${root.name}}${path.slice(root.path.length)}`;
  };
  return { roots: Object.fromEntries(known.map((root) => [root.name, root.path])), nameOf };
};

const throughAliases = (path: string, aliases: readonly { readonly from: string; readonly to: string }[]): string => {
  const alias = aliases.find((one) => path === one.to || path.startsWith(`${one.to}/`));
  return alias === undefined ? path : alias.from + path.slice(alias.to.length);
};

/** The absolute path of a name; undefined if its root is not known. */
export const pathOfName = (name: string, roots: Readonly<Record<string, string>>): string | undefined => {
  const match = /^\$\{([a-zA-Z0-9]+)\}(\/.*)?$/s.exec(name);
  if (match === null) return name.startsWith('/') ? name : undefined;
  const root = roots[match[1]!];
  return root === undefined ? undefined : root + (match[2] ?? '');
};

/** Roots as absolute paths; they may stand on each other: the project below the home folder. What leads nowhere is left out. */
export const absoluteRoots = (given: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  let roots: Readonly<Record<string, string>> = given;
  for (let round = 0; round < 4; round += 1)
    roots = Object.fromEntries(Object.entries(roots).flatMap(([name, path]) => (path.startsWith('/') ? [[name, path]] : [[name, pathOfName(path, roots) ?? path]])));
  return Object.fromEntries(Object.entries(roots).filter(([, path]) => path.startsWith('/')));
};

/** Whether a path is a folder or lies below it. */
export const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
