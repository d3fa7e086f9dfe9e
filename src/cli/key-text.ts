import { escapeControl } from '#base';
import type { ListedKeys } from '#flows/list-keys';
import type { ParsedInput } from './command.ts';

type LocalKey = Extract<ListedKeys['entries'][number], { readonly kind: 'key' }>['key'];

/** One line about a key, safe to print. */
export const keyLine = ({ name, algorithm, purpose, keyId, paths }: LocalKey): string =>
  `the key ${name} (${algorithm}, for ${purpose === 'root' ? 'trust files' : purpose === 'log' ? 'the log' : 'statements'}) ${keyId.slice(0, 12)}…: ${escapeControl(paths.privateKey)}`;

/** What a program is told of a key. */
export const keyData = ({ name, keyId, algorithm, purpose, state, createdAt, comment, replaces, replacedBy, revoked, hasPrivateKey, paths }: LocalKey): unknown => ({
  name,
  keyId,
  algorithm,
  purpose,
  state,
  createdAt,
  ...(comment === undefined ? {} : { comment }),
  ...(replaces === undefined ? {} : { replaces }),
  ...(replacedBy === undefined ? {} : { replacedBy }),
  ...(revoked === undefined ? {} : { revoked }),
  hasPrivateKey,
  privateKey: paths.privateKey,
  publicKey: paths.publicKey,
});

/** What a new key is for. */
export const purposeFlag = ({ flags: { purpose } }: ParsedInput): 'statements' | 'root' | undefined => (purpose === 'statements' || purpose === 'root' ? purpose : undefined);
