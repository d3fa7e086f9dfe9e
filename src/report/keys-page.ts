import { bad, faint, good, type Line, open, type Page, strong } from './page.ts';

/** A key of a user, as far as it is shown. */
export type KeyView = {
  readonly name: string;
  readonly keyId: string;
  readonly algorithm: string;
  readonly purpose: 'statements' | 'log' | 'root';
  readonly state: 'active' | 'retired' | 'revoked';
  /** RFC 3339. */
  readonly createdAt: string;
  readonly comment?: string;
  readonly replacedBy?: string;
  readonly revoked?: { readonly at: string; readonly reason: string; readonly compromisedSince?: string };
  readonly hasPrivateKey: boolean;
};

export type KeysView = {
  /** Where they lie. */
  readonly folder?: string;
  readonly keys: readonly KeyView[];
  /** Names that hold no key that could be used. */
  readonly others: readonly { readonly name: string; readonly state: 'unfinished' | 'damaged'; readonly because: string; readonly fix: string }[];
  readonly signsNow: { readonly kind: 'key'; readonly name: string } | { readonly kind: 'made-on-first-use' } | { readonly kind: 'elsewhere'; readonly reference: string };
  /** Whether records are signed at all. */
  readonly signing: boolean;
};

/** Every key with its state, and the one that signs records now. */
export const keysPage = (view: KeysView): Page => [
  { kind: 'paragraph', line: signingLine(view) },
  ...(view.keys.length === 0
    ? []
    : [
        {
          kind: 'table' as const,
          head: ['NAME', 'STATE', 'FOR', 'KIND', 'ID', 'SINCE', 'NOTES'],
          rows: view.keys.map((key): readonly Line[] => [
            [isSigning(view, key) ? strong(key.name) : key.name],
            [STATES[key.state](key.state)],
            [key.purpose === 'root' ? 'trust files' : key.purpose === 'log' ? 'the log' : 'statements'],
            [key.algorithm],
            [`${key.keyId.slice(0, 12)}…`],
            [key.createdAt.slice(0, 10)],
            [notesOf(view, key)],
          ]),
        },
      ]),
  ...view.others.flatMap(({ name, state, because, fix }): Page => [{ kind: 'paragraph', line: [`${name}: `, bad(state), `, ${because}`, faint(`  ${fix}`)] }]),
  ...(view.folder === undefined ? [] : [{ kind: 'paragraph' as const, line: [faint(`keys of this user: ${view.folder}`)] }]),
];

const STATES = { active: good, retired: faint, revoked: bad } as const;

const isSigning = ({ signsNow }: KeysView, { name }: KeyView): boolean => signsNow.kind === 'key' && signsNow.name === name;

const notesOf = (view: KeysView, key: KeyView): string =>
  [
    ...(isSigning(view, key) && key.state === 'active' ? ['signs now'] : []),
    ...(key.replacedBy === undefined ? [] : [`replaced by ${key.replacedBy}`]),
    ...(key.revoked === undefined ? [] : [`since ${key.revoked.at.slice(0, 10)}: ${key.revoked.reason}`]),
    ...(key.revoked?.compromisedSince === undefined ? [] : [`in other hands since ${key.revoked.compromisedSince}`]),
    ...(key.hasPrivateKey ? [] : ['without its private half']),
    ...(key.comment === undefined ? [] : [key.comment]),
  ].join('; ');

const signingLine = ({ signsNow, signing, keys }: KeysView): Line => {
  if (!signing) return [open('records are not signed'), ' (signing is off)'];
  switch (signsNow.kind) {
    case 'key': {
      const state = keys.find(({ name }) => name === signsNow.name)?.state;
      return state === 'active'
        ? ['records are signed by ', strong(signsNow.name)]
        : [bad(`nothing signs records: the key ${signsNow.name} is ${state}`), faint(`  trainlock keys rotate ${signsNow.name}`)];
    }
    case 'made-on-first-use':
      return ['the key default is made when the first record is signed'];
    case 'elsewhere':
      return ['records are signed by ', strong(signsNow.reference), ', as the settings say'];
  }
};
