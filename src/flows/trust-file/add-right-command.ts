import { escapeControl, shellWord } from '#base';
import { kindOfPredicate } from '#statements';
import type { Role, TrustedSigner } from '#trust';

type Right = { readonly kind: string; readonly role?: Role | undefined };

/**
 * The command that gives a signer of the trust file one right more. What is given to trust add takes the place of what stood there, so
 * everything that the signer has already is named again.
 */
export const addRightCommand = ({ name, roles, statementTypes }: Pick<TrustedSigner, 'name' | 'roles' | 'statementTypes'>, { kind, role }: Right): string => {
  const allRoles = [...new Set([...roles, ...(role === undefined ? [] : [role])])];
  const allTypes = [...new Set([...statementTypes.map((type) => kindOfPredicate(type) ?? type), kind])];
  return [
    'trainlock trust add',
    shellWord(escapeControl(name)),
    ...allRoles.map((one) => `--role ${one}`),
    ...allTypes.map((one) => `--type ${shellWord(escapeControl(one))}`),
  ].join(' ');
};
