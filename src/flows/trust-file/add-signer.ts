import { escapeControl, nearest, shellWord, TrainlockError } from '#base';
import { nodeCrypto } from '#files';
import { pemOfPublicKey, type PublicKey, readPublicKeyPem } from '#seal';
import { kindOfPredicate } from '#statements';
import type { Role, TrustDocument } from '#trust';

type Signer = TrustDocument['signers'][number];
type Key = NonNullable<Signer['keys']>[number];
type Identity = NonNullable<Signer['identities']>[number];
type Bounds = Pick<Key, 'validFrom' | 'validUntil'>;

/** What is said of a signer. */
export type AddedSigner = {
  readonly name: string;
  readonly keys: readonly PublicKey[];
  /** The files of the keys, as a person named them. */
  readonly keyFiles: readonly string[];
  readonly identities: readonly { readonly issuer: string; readonly subject: string }[];
  /** When the named keys and identities count; without any, when the only one counts. */
  readonly bounds: Bounds;
  /** What the signer is and may do; of a signer that is there already only what is given changes. */
  readonly may: {
    readonly kind?: Signer['kind'];
    readonly person?: string;
    readonly roles?: readonly Role[];
    readonly statementTypes?: readonly string[];
    readonly environments?: readonly string[];
  };
};

/** The document with what is said of a signer. A key or identity that is listed already gets no second entry. Throws TL0001 for what says nothing, or not enough. */
export const addSigner = (document: TrustDocument, said: AddedSigner): TrustDocument => {
  const { name, keys, identities, bounds, may } = said;
  const known = document.signers.find((signer) => signer.name === name);
  const before = known ?? newSigner(document, said);
  const namesNone = keys.length + identities.length === 0;
  if (namesNone && hasBounds(bounds)) checkOnly(before, bounds);
  const isNamed = {
    key: ({ publicKey }: Key): boolean => namesNone || keys.some(({ keyId }) => keyId === keyIdOf(publicKey)),
    identity: ({ issuer, subject }: Identity): boolean => namesNone || identities.some((one) => one.issuer === issuer && one.subject === subject),
  };
  const [oldKeys, oldIdentities] = [before.keys ?? [], before.identities ?? []];
  const newKeys = keys.filter(({ keyId }) => !oldKeys.some(({ publicKey }) => keyIdOf(publicKey) === keyId));
  const newIdentities = identities.filter((one) => !oldIdentities.some(({ issuer, subject }) => one.issuer === issuer && one.subject === subject));
  if (newKeys.length + newIdentities.length + Object.keys(may).length === 0 && !hasBounds(bounds)) throw saysNothing(name);
  const allKeys = [...oldKeys.map((key) => (isNamed.key(key) ? { ...key, ...bounds } : key)), ...newKeys.map((key) => ({ publicKey: pemOfPublicKey(key), ...bounds }))];
  const allIdentities = [...oldIdentities.map((one) => (isNamed.identity(one) ? { ...one, ...bounds } : one)), ...newIdentities.map((one) => ({ ...one, ...bounds }))];
  const after: Signer = { ...before, ...may, ...(allKeys.length === 0 ? {} : { keys: allKeys }), ...(allIdentities.length === 0 ? {} : { identities: allIdentities }) };
  return { ...document, signers: known === undefined ? [...document.signers, after] : document.signers.map((signer) => (signer === known ? after : signer)) };
};

const hasBounds = ({ validFrom, validUntil }: Bounds): boolean => (validFrom ?? validUntil) !== undefined;

/** The id of a listed key. */
export const keyIdOf = (pem: string): string => {
  const reading = readPublicKeyPem(pem, nodeCrypto);
  return reading.kind === 'accepted' ? reading.value.keyId : '';
};

const saysNothing = (name: string): TrainlockError =>
  new TrainlockError('TL0001', `${escapeControl(name)} has this already, and nothing else is said of it`, { fix: 'trainlock help trust add   # says what can be changed' });

/** Without a name the bounds are those of the only key or identity. */
const checkOnly = ({ name, keys = [], identities = [] }: Signer, { validFrom, validUntil }: Bounds): void => {
  if (keys.length + identities.length === 1) return;
  const [first] = identities;
  const limits = [...(validFrom === undefined ? [] : [`--valid-from ${validFrom}`]), ...(validUntil === undefined ? [] : [`--valid-until ${validUntil}`])].join(' ');
  const which = keys.length > 0 ? '--public-key FILE' : `--identity ${shellWord(escapeControl(`${first?.issuer} ${first?.subject}`))}`;
  throw new TrainlockError('TL0001', `${escapeControl(name)} has more than one key or identity: say which`, {
    notes: [...keys.map(({ publicKey }) => `the key ${keyIdOf(publicKey)}`), ...identities.map(({ issuer, subject }) => `the identity ${issuer} ${subject}`)],
    fix: `trainlock trust add ${shellWord(escapeControl(name))} ${which} ${limits}`,
  });
};

/** A signer that is not listed yet. Throws TL0001 where nothing that it signs would count. */
const newSigner = (document: TrustDocument, { name, keys, keyFiles, identities, bounds, may }: AddedSigner): Signer => {
  const hasCredential = keys.length + identities.length > 0;
  if (!hasCredential && Object.keys(may).length === 0) {
    const names = document.signers.map((signer) => signer.name);
    const near = nearest(name, names);
    throw new TrainlockError('TL0001', `the trust file has no signer ${escapeControl(name)}`, {
      notes: near === undefined ? [] : [`did you mean ${near}?`],
      fix: 'trainlock trust show   # lists the signers and their keys',
    });
  }
  const { kind, person, environments = [] } = may;
  const [roles, types] = [may.roles ?? [roleFor(may.statementTypes ?? [])], may.statementTypes ?? [typeFor(may.roles ?? [])]];
  const missing = [...(hasCredential ? [] : ['--public-key']), ...(may.roles === undefined ? ['--role'] : []), ...(may.statementTypes === undefined ? ['--type'] : [])];
  if (missing.length === 0) return { name, kind: 'machine', roles: [], statementTypes: [] };
  const flag = (flagName: string, value: string | undefined): readonly string[] => (value === undefined ? [] : [`--${flagName} ${shellWord(escapeControl(value))}`]);
  throw new TrainlockError('TL0001', `a new signer needs ${missing.join(' and ')}: without it nothing that it signs would count`, {
    fix: [
      `trainlock trust add ${shellWord(escapeControl(name))}`,
      ...flag('kind', kind),
      ...flag('person', person),
      ...(hasCredential ? keyFiles.flatMap((file) => flag('public-key', file)) : ['--public-key FILE']),
      ...identities.flatMap(({ issuer, subject }) => flag('identity', `${issuer} ${subject}`)),
      ...roles.flatMap((role) => flag('role', role)),
      ...types.flatMap((type) => flag('type', kindOfPredicate(type) ?? type)),
      ...environments.flatMap((environment) => flag('environment', environment)),
      ...flag('valid-from', bounds.validFrom),
      ...flag('valid-until', bounds.validUntil),
    ].join(' '),
  });
};

/** A role with which statements of these types may count, where none was said. */
const roleFor = (types: readonly string[]): Role => {
  const kinds = new Set<string | undefined>(types.map(kindOfPredicate));
  if (kinds.has('approval') || kinds.has('exception') || kinds.has('exception-review')) return 'approver-model';
  return kinds.has('promotion') || kinds.has('deployment') ? 'deployer' : 'signer';
};

/** What somebody with these roles signs, where nothing was said. */
const typeFor = (roles: readonly Role[]): string => {
  if (roles.some((role) => role.startsWith('approver-'))) return 'approval';
  return roles.includes('deployer') ? 'promotion' : 'training-run';
};
