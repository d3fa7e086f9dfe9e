import { describe, expect, it } from 'vitest';
import { PREDICATE_TYPES } from '#statements';
import { makeTestKey, trustDocument } from '../../../test/fixtures/trust-files.ts';
import { type AddedSigner, addSigner } from './add-signer.ts';

const [root, old, other, fresh] = [makeTestKey(), makeTestKey(), makeTestKey(), makeTestKey()];
const [FROM, UNTIL] = ['2026-01-01T00:00:00Z', '2026-06-01T00:00:00Z'];
const github = { issuer: 'https://issuer.example', subject: 'repo:team/train' };
const rights = { kind: 'person', roles: ['signer'], statementTypes: [PREDICATE_TYPES['training-run']] } as const;

const document = trustDocument([root], {
  signers: [
    { name: 'ben', keys: [{ publicKey: old.pem, validFrom: FROM }], ...rights },
    { name: 'two', keys: [{ publicKey: other.pem }], identities: [github], ...rights },
  ],
});

const said = (name: string, more: Partial<AddedSigner> = {}): AddedSigner => ({ name, keys: [], keyFiles: [], identities: [], bounds: {}, may: {}, ...more });

/** The limits of each key and identity of a signer after what was said, or why it cannot be said, with the fix. */
const told = (what: AddedSigner): unknown => {
  try {
    const signer = addSigner(document, what).signers.find(({ name }) => name === what.name);
    return [...(signer?.keys ?? []), ...(signer?.identities ?? [])].map(({ validFrom, validUntil }) => [validFrom, validUntil]);
  } catch (error) {
    return `${(error as Error).message} / ${(error as { readonly fix?: string }).fix}`;
  }
};

describe('what is said of a signer', () => {
  it.each<[string, AddedSigner, unknown]>([
    ['the only key gets an end, and keeps its beginning', said('ben', { bounds: { validUntil: UNTIL } }), [[FROM, UNTIL]]],
    ['so does the key that is named, and it is not listed twice', said('ben', { keys: [old.publicKey], bounds: { validUntil: UNTIL } }), [[FROM, UNTIL]]],
    [
      'a further key leaves the others alone',
      said('ben', { keys: [fresh.publicKey], bounds: { validUntil: UNTIL } }),
      [
        [FROM, undefined],
        [undefined, UNTIL],
      ],
    ],
    [
      'an identity that is named',
      said('two', { identities: [github], bounds: { validUntil: UNTIL } }),
      [
        [undefined, undefined],
        [undefined, UNTIL],
      ],
    ],
    ['a key that is listed already, with another right', said('ben', { keys: [old.publicKey], may: { roles: ['deployer'] } }), [[FROM, undefined]]],
    [
      'of several, nobody knows which',
      said('two', { bounds: { validUntil: UNTIL } }),
      'two has more than one key or identity: say which / trainlock trust add two --public-key FILE --valid-until 2026-06-01T00:00:00Z',
    ],
    ['nothing new', said('ben', { keys: [old.publicKey] }), 'ben has this already, and nothing else is said of it / trainlock help trust add   # says what can be changed'],
    ['nobody of that name', said('bem', { bounds: { validUntil: UNTIL } }), 'the trust file has no signer bem / trainlock trust show   # lists the signers and their keys'],
    [
      'a new signer keeps what was said of it',
      said('mia & co', { keys: [fresh.publicKey], keyFiles: ['mia.pub'], may: { kind: 'person', statementTypes: [PREDICATE_TYPES.approval] }, bounds: { validUntil: UNTIL } }),
      `a new signer needs --role: without it nothing that it signs would count / trainlock trust add 'mia & co' --kind person --public-key mia.pub --role approver-model --type approval --valid-until ${UNTIL}`,
    ],
    [
      'a new one without a key',
      said('dee', { may: { roles: ['deployer'] } }),
      'a new signer needs --public-key and --type: without it nothing that it signs would count / trainlock trust add dee --public-key FILE --role deployer --type promotion',
    ],
  ])('%s', (_, what, expected) => {
    expect(told(what)).toEqual(expected);
  });
});
