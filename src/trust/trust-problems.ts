import { type Problem, toHex } from '#base';
import { compareTimes, isTime } from './compare-times.ts';
import type { TrustDocument } from './generated/trust-types.ts';
import { identityName } from './identity-name.ts';
import type { Bounds, Trust, TrustedSigner } from './trust.ts';

/** What is wrong with a trust document that fits the schema. `trust` is made of the document, entry by entry. */
export const trustProblems = (document: TrustDocument, trust: Trust): readonly Problem[] => [
  ...headProblems(trust),
  ...document.roots.flatMap(({ keyId }, at) => {
    const { key } = trust.roots[at]!;
    return key.spki.length === 0 || key.keyId === keyId ? [] : [problem(`/roots/${at}/keyId`, `is not the id of the key beside it, which is ${key.keyId}`)];
  }),
  ...repeated(
    '/roots/*/publicKey',
    trust.roots.map(({ key }) => key.keyId),
    'is a root already: a threshold counts different keys',
  ),
  ...repeated(
    '/roots/*/name',
    trust.roots.map(({ name }) => name),
    'is the name of a root already',
  ),
  ...repeated(
    '/signers/*/name',
    trust.signers.map(({ name }) => name),
    'is the name of a signer already',
  ),
  ...trust.signers.flatMap((signer, at) => signerProblems(signer, `/signers/${at}`)),
  ...ownerProblems(trust.signers),
  ...repeated(
    '/timeAuthorities/*/name',
    trust.timeAuthorities.map(({ name }) => name),
    'is the name of a time authority already',
  ),
  ...repeated(
    '/timeAuthorities/*/certificateChain/0',
    trust.timeAuthorities.map(({ certificates: [first] }, at) => distinct(first!, at)),
    'is the certificate of a time authority already: one authority would count twice',
  ),
  ...noteKeyProblems(trust),
];

const problem = (pointer: string, message: string): Problem => ({ pointer, message });

const headProblems = ({ version, issuedAt, expiresAt, threshold, roots, previousSha256 }: Trust): readonly Problem[] => [
  ...timeProblems('/issuedAt', issuedAt),
  ...timeProblems('/expiresAt', expiresAt),
  ...(isTime(issuedAt) && isTime(expiresAt) && compareTimes(issuedAt, expiresAt) >= 0 ? [problem('/expiresAt', `is not after ${issuedAt}, when the file was issued`)] : []),
  ...(threshold > roots.length ? [problem('/threshold', `asks for ${threshold} roots, but there are ${roots.length}`)] : []),
  ...(version === 1 && previousSha256 !== undefined ? [problem('/previousSha256', 'the first version has none before it')] : []),
];

const signerProblems = (signer: TrustedSigner, pointer: string): readonly Problem[] => [
  ...(signer.keys.length + signer.identities.length === 0 ? [problem(pointer, 'has neither a key nor an identity: nothing can be signed by it')] : []),
  ...repeated(`${pointer}/roles/*`, signer.roles, 'stands here twice'),
  ...repeated(`${pointer}/statementTypes/*`, signer.statementTypes, 'stands here twice'),
  ...repeated(`${pointer}/environments/*`, signer.environments ?? [], 'stands here twice'),
  ...signer.keys.flatMap((key, at) => boundsProblems(key, `${pointer}/keys/${at}`)),
  ...signer.identities.flatMap((identity, at) => boundsProblems(identity, `${pointer}/identities/${at}`)),
];

const boundsProblems = ({ validFrom, validUntil, revoked }: Bounds, pointer: string): readonly Problem[] => {
  const times = { validFrom, validUntil, 'revoked/at': revoked?.at, 'revoked/compromisedSince': revoked?.compromisedSince };
  const wrong = Object.entries(times).flatMap(([name, time]) => (time === undefined ? [] : timeProblems(`${pointer}/${name}`, time)));
  if (wrong.length > 0) return wrong;
  const since = revoked?.compromisedSince;
  return [
    ...(validFrom !== undefined && validUntil !== undefined && compareTimes(validFrom, validUntil) >= 0
      ? [problem(`${pointer}/validUntil`, `is not after ${validFrom}, when it becomes valid`)]
      : []),
    ...(revoked !== undefined && since !== undefined && compareTimes(since, revoked.at) > 0
      ? [problem(`${pointer}/revoked/compromisedSince`, `is after ${revoked.at}, when it was revoked`)]
      : []),
  ];
};

const timeProblems = (pointer: string, time: string): readonly Problem[] => (isTime(time) ? [] : [problem(pointer, 'is no moment of the calendar')]);

/** A key or identity of two signers would have the rights of both. */
const ownerProblems = (signers: readonly TrustedSigner[]): readonly Problem[] => {
  const owners = new Map<string, TrustedSigner>();
  const claim = (name: string, signer: TrustedSigner, pointer: string): readonly Problem[] => {
    const owner = owners.get(name);
    if (owner === undefined) owners.set(name, signer);
    return owner === undefined ? [] : [problem(pointer, owner === signer ? 'belongs to this signer already' : `belongs to the signer ${owner.name} already`)];
  };
  return signers.flatMap((signer, at) => [
    ...signer.keys.flatMap(({ key }, place) => claim(key.keyId, signer, `/signers/${at}/keys/${place}/publicKey`)),
    ...signer.identities.flatMap((identity, place) => claim(identityName(identity), signer, `/signers/${at}/identities/${place}`)),
  ]);
};

const noteKeyProblems = ({ logs, witnesses }: Trust): readonly Problem[] => {
  const ofLogs = new Set(logs.flatMap(({ key }) => (key.publicKey.length === 0 ? [] : [toHex(key.publicKey)])));
  return [
    ...repeated(
      '/logs/*/origin',
      logs.map(({ origin }) => origin),
      'is the origin of a log already',
    ),
    ...logs.flatMap(({ key }, at) => (key.use === 'signature' ? [] : [problem(`/logs/${at}/key`, 'is a key for cosignatures, not of a log')])),
    ...repeated(
      '/witnesses/*/name',
      witnesses.map(({ name }) => name),
      'is the name of a witness already',
    ),
    ...repeated(
      '/witnesses/*/key',
      witnesses.map(({ key }, at) => distinct(key.publicKey, at)),
      'is the key of a witness already: one witness would count twice',
    ),
    ...witnesses.flatMap(({ key }, at) =>
      key.use === 'cosignature' || key.publicKey.length === 0 ? [] : [problem(`/witnesses/${at}/key`, 'is a key of a log, not for cosignatures')],
    ),
    ...witnesses.flatMap(({ key }, at) => (ofLogs.has(toHex(key.publicKey)) ? [problem(`/witnesses/${at}/key`, 'is the key of a log: a log is no witness of itself')] : [])),
  ];
};

/** What could not be read is told as that, and not also as something that stands there twice. */
const distinct = (bytes: Uint8Array, at: number): string => (bytes.length === 0 ? `unreadable ${at}` : toHex(bytes));

/** A problem for each value that stood in the list before; `*` in the pointer is its place. */
const repeated = (pointer: string, values: readonly string[], message: string): readonly Problem[] => {
  const seen = new Set<string>();
  return values.flatMap((value, at) => {
    const isRepeated = seen.has(value);
    seen.add(value);
    return isRepeated ? [problem(pointer.replace('*', String(at)), message)] : [];
  });
};
