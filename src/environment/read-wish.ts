import { packageName } from '#manifest';
import { isPackageName, isPackageVersion } from './safe-names.ts';

/** A package that is to be in another version: exactly one, or the newest that fits. */
export type PackageWish = { readonly name: string; readonly version?: string };

/** Reads PKG or PKG==VERSION, as a person writes it; undefined for anything else, ranges and extras among it. */
export const readWish = (text: string): PackageWish | undefined => {
  const [name = '', version, ...more] = text.split('==');
  if (more.length > 0 || !isPackageName(name) || (version !== undefined && !isPackageVersion(version))) return undefined;
  return { name: packageName(name), ...(version === undefined ? {} : { version }) };
};
