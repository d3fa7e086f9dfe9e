import { findSecrets } from './secrets-find.ts';
import { secretNameStrength } from './secrets-names.ts';
import { isPlaceholder } from './secrets-values.ts';

/** Shortest value that is masked wherever it occurs. */
const SHORTEST = 6;

const SYSTEM_PATH =
  /^(?:~|\/(?:home|usr|etc|var|opt|tmp|root|run|mnt|media|srv|data|dev|proc|sys|bin|lib|Users|Volumes|workspace|workspaces|github|builds|private|nix|app|secrets))(?:\/|$)/;

/**
 * Secrets that an environment holds: values of secret-looking variables, passwords in URLs, tokens inside other values.
 * They are to be masked wherever they occur. Trivial words, paths and short numbers are left out: masking them would mask everything.
 */
export const secretValuesOf = (environment: Readonly<Record<string, string | undefined>>): readonly string[] => {
  const values = new Set<string>();
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || value === '') continue;
    if (secretNameStrength(name) !== 'none') values.add(value);
    for (const found of secretValuesOfText(value)) values.add(found);
  }
  return [...values].filter(isWorthMasking);
};

/**
 * Secrets that a text holds (the content of a .env file, an argument): to be masked wherever they occur.
 * A URL's user information gives the whole of it and its password.
 */
export const secretValuesOfText = (text: string): readonly string[] => {
  const values = new Set<string>();
  for (const hit of findSecrets(text)) {
    const value = text.slice(hit.start, hit.end);
    values.add(value);
    if (hit.kind !== 'url-credentials') continue;
    const password = value.slice(value.indexOf(':') + 1);
    values.add(password);
    values.add(decoded(password));
  }
  return [...values].filter(isWorthMasking);
};

const isWorthMasking = (value: string): boolean => {
  if (value.length < SHORTEST || isPlaceholder(value) || SYSTEM_PATH.test(value)) return false;
  if (/^[0-9.]+$/.test(value)) return value.length >= 8 && !/^(?:19|20)[0-9]{6}$/.test(value);
  return true;
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
