/** A library by what it is and not by where it lies: its place below the folder of packages, or its file name; digests that wheels put into names are left out. */
export const libraryKey = (path: string): string => {
  const inside = /\/(?:site|dist)-packages\/(.+)$/.exec(path)?.[1] ?? /\/(lib-dynload\/[^/]+)$/.exec(path)?.[1];
  const name = inside ?? path.slice(path.lastIndexOf('/') + 1);
  return name.replace(/-[0-9a-f]{8}(?=[.-])/g, '').replace(/(\.so)(?:\.[0-9]+)+$/, '$1');
};
