/** Whether a recorded name and version are those of a package, and nothing that a command would take for something else. Source: PEP 508, PEP 440. */
export const isPackageName = (name: string): boolean => name.length <= 200 && /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name);
export const isPackageVersion = (version: string): boolean => /^[0-9A-Za-z][0-9A-Za-z.!+_-]{0,199}$/.test(version);

/** The same for packages of systems, whose versions have an epoch before a colon. */
export const isSystemPackage = (name: string, version: string): boolean =>
  /^[A-Za-z0-9][A-Za-z0-9+.:_-]{0,199}$/.test(name) && /^[0-9A-Za-z][0-9A-Za-z.:~^+_-]{0,199}$/.test(version);
