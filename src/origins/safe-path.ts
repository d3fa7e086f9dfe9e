/**
 * Whether a relative path, which comes from another repository, cache or record, stays below the folder it is joined to and names
 * nothing that a program acts upon: no empty part, no dot parts, no .git, no control characters.
 */
export const isSafePath = (path: string): boolean =>
  path.length > 0 &&
  path.length <= 4096 &&
  !/[\u0000-\u001f\u007f\\]/.test(path) &&
  path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !/^\.git$/i.test(part));

/** The last part of a path or address as a file name; `data` if it has none that can be one. */
export const lastPartOf = (path: string): string => {
  const last =
    path
      .replace(/(?<!\/)\/+$/, '')
      .split('/')
      .at(-1) ?? '';
  return isSafePath(last) && last.length <= 200 ? last : 'data';
};

/** A path relative to a folder, if it lies in it; undefined otherwise. The folder itself is the empty text. */
export const relativeTo = (folder: string, path: string): string | undefined => {
  if (folder === '.' || folder === '') return path;
  if (path === folder) return '';
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
};
