import { findSecrets } from './secrets-find.ts';

/**
 * A URL or an scp-like address without user name and password, and with secret query values masked; anything else as it is.
 * The user of ssh://git@host and git@host:path is part of the address and stays.
 */
export const withoutCredentials = (address: string): string => {
  const text = address.replace(/^([A-Za-z][A-Za-z0-9+.-]{0,20}:\/\/)([^/?#\s]*)@/, (whole: string, scheme: string, user: string) =>
    /^(?:git\+)?ssh/i.test(scheme) ? `${scheme}${user.split(':')[0]}@` : scheme,
  );
  let result = '';
  let from = 0;
  for (const hit of findSecrets(text)) {
    result += `${text.slice(from, hit.start)}***`;
    from = hit.end;
  }
  return result + text.slice(from);
};
