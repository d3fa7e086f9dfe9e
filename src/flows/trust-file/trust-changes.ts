import { kindOfPredicate } from '#statements';
import { writeVerifierKey } from '#tlog';
import type { Bounds, Trust, TrustedSigner } from '#trust';

/** What a version changes, one sentence each; everything in the first one is new. Names are as they stand in the file: escape them when they are printed. */
export const trustChanges = (before: Trust | undefined, after: Trust): readonly string[] => [
  ...rootChanges(before, after),
  ...after.signers.flatMap((signer) =>
    signerChanges(
      before?.signers.find(({ name }) => name === signer.name),
      signer,
    ),
  ),
  ...(before?.signers ?? []).filter(({ name }) => !after.signers.some((signer) => signer.name === name)).map(({ name }) => `the signer ${name} is gone`),
  ...listChanges(
    'time authority',
    before?.timeAuthorities.map(({ name }) => name),
    after.timeAuthorities.map(({ name }) => name),
  ),
  ...listChanges(
    'log',
    before?.logs.map(({ key }) => writeVerifierKey(key)),
    after.logs.map(({ key }) => writeVerifierKey(key)),
  ),
  ...listChanges(
    'witness',
    before?.witnesses.map(({ name, key }) => `${name} (${writeVerifierKey(key)})`),
    after.witnesses.map(({ name, key }) => `${name} (${writeVerifierKey(key)})`),
  ),
  `counts until ${after.expiresAt}${before === undefined ? '' : `, before until ${before.expiresAt}`}`,
];

const rootChanges = (before: Trust | undefined, after: Trust): readonly string[] => {
  const [old, now] = [before?.roots ?? [], after.roots];
  return [
    ...now.filter(({ key }) => !old.some((root) => root.key.keyId === key.keyId)).map(({ name, key }) => `new root ${name}, ${key.keyId}`),
    ...old.filter(({ key }) => !now.some((root) => root.key.keyId === key.keyId)).map(({ name, key }) => `no longer a root: ${name}, ${key.keyId}`),
    ...now.flatMap(({ name, key }) => {
      const was = old.find((root) => root.key.keyId === key.keyId)?.name;
      return was === undefined || was === name ? [] : [`the root ${was} is now called ${name}`];
    }),
    ...(before?.threshold === after.threshold && old.length === now.length
      ? []
      : [`${after.threshold} of ${now.length} roots must sign${before === undefined ? '' : `, before ${before.threshold} of ${old.length}`}`]),
  ];
};

const signerChanges = (before: TrustedSigner | undefined, after: TrustedSigner): readonly string[] => {
  const { name } = after;
  const may = rights(after);
  const entries = entriesOf(after);
  const old = new Map(before === undefined ? [] : entriesOf(before));
  return [
    ...(before === undefined ? [`new signer ${name}: ${may}`] : rights(before) === may ? [] : [`the signer ${name} is now: ${may}`]),
    ...entries.flatMap(([id, limits]) => {
      const was = old.get(id);
      return was === undefined ? [`${name} signs with ${id}${limits}`] : was === limits ? [] : [`${id} of ${name}${limits === '' ? ' has no limits any more' : limits}`];
    }),
    ...[...old.keys()].filter((id) => !entries.some(([other]) => other === id)).map((id) => `${name} no longer has ${id}`),
  ];
};

const rights = ({ kind, person, roles, statementTypes, environments }: TrustedSigner): string =>
  [
    person === undefined ? kind : `${kind} (${person})`,
    `as ${roles.join(', ')}`,
    `for ${statementTypes.map((type) => kindOfPredicate(type) ?? type).join(', ')}`,
    ...(environments === undefined ? [] : [`in ${environments.join(', ')}`]),
  ].join(', ');

const entriesOf = ({ keys, identities }: TrustedSigner): readonly (readonly [string, string])[] => [
  ...keys.map((key) => [`the key ${key.key.keyId}`, limitsOf(key)] as const),
  ...identities.map((identity) => [`the identity ${identity.subject} (vouched for by ${identity.issuer})`, limitsOf(identity)] as const),
];

const limitsOf = ({ validFrom, validUntil, revoked }: Bounds): string =>
  [
    ...(validFrom === undefined ? [] : [`, from ${validFrom}`]),
    ...(validUntil === undefined ? [] : [`, until ${validUntil}`]),
    ...(revoked === undefined ? [] : [`, revoked on ${revoked.at}: ${revoked.reason}`]),
    ...(revoked?.compromisedSince === undefined ? [] : [`, in other hands since ${revoked.compromisedSince}`]),
  ].join('');

const listChanges = (what: string, before: readonly string[] = [], after: readonly string[]): readonly string[] => [
  ...after.filter((one) => !before.includes(one)).map((one) => `new ${what} ${one}`),
  ...before.filter((one) => !after.includes(one)).map((one) => `no longer a ${what}: ${one}`),
];
