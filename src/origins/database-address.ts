import { resolve } from 'node:path';
import { escapeControl, TrainlockError, withoutCredentials } from '#base';

/** A database that can be asked. */
export type Database = { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'postgres'; readonly uri: string };

/** Reads sqlite:FILE, sqlite:///FILE or postgresql://…. Throws TL0805. The address is hostile: it may come from a record. */
export const databaseOf = (uri: string): Database => {
  const file = /^sqlite:(?:\/\/(?=\/))?(.+)$/s.exec(uri)?.[1];
  if (file !== undefined && !file.includes('\0')) return { kind: 'sqlite', path: resolve(file) };
  if (/^postgres(?:ql)?:\/\//.test(uri) && URL.canParse(uri)) return { kind: 'postgres', uri };
  const shown = escapeControl(withoutCredentials(uri)).slice(0, 200);
  throw new TrainlockError('TL0805', `${shown} is no database that can be asked`, { where: shown, fix: 'name sqlite:FILE or postgresql://USER@HOST/DATABASE' });
};

/** Parameters of an address that say where to find the data, and nothing secret. Source: PostgreSQL 17 documentation, §32.1.2. */
const PLAIN_PARAMETERS = new Set(['host', 'port', 'dbname', 'user', 'sslmode', 'application_name', 'options', 'target_session_attrs']);

/** The address as it may be recorded: with user, host and database, without the password and without parameters that may hold one. */
export const withoutPassword = (uri: string): string => {
  if (!/^postgres(?:ql)?:\/\//.test(uri) || !URL.canParse(uri)) return uri;
  const url = new URL(uri);
  url.password = '';
  for (const name of Array.from(url.searchParams.keys())) if (!PLAIN_PARAMETERS.has(name)) url.searchParams.delete(name);
  return url.href;
};
