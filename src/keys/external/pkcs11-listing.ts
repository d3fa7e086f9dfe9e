/** A token in a slot, as `pkcs11-tool --list-token-slots` prints it. */
export type TokenSlot = {
  /** Number of the slot, as `--slot` takes it. */
  readonly slot: string;
  readonly label: string;
  readonly serial: string;
  readonly needsLogin: boolean;
  /** Whether the PIN is typed at the reader itself. */
  readonly hasPinPad: boolean;
  readonly isLocked: boolean;
};

/** Half of a key pair on a token, as `pkcs11-tool --list-objects` prints it. */
export type TokenObject = {
  /** Kind of the key in the words of pkcs11-tool: `EC  EC_POINT 256 bits`. */
  readonly description: string;
  readonly label: string | undefined;
  /** Lower-case hexadecimal. */
  readonly id: string | undefined;
};

/** Tokens of the listing. Slots without a named token are left out. The text comes from the library of the token. */
export const readTokenSlots = (text: string): readonly TokenSlot[] =>
  sectionsOf(text, /^Slot \d+ \((0x[0-9a-f]+)\)/).flatMap(({ head, fields }) => {
    const label = fields.get('token label');
    if (label === undefined) return [];
    const flags = (fields.get('token flags') ?? '').split(', ');
    return [
      {
        slot: head,
        label,
        serial: fields.get('serial num') ?? '',
        needsLogin: flags.includes('login required'),
        hasPinPad: flags.includes('PIN pad present'),
        isLocked: flags.includes('user PIN locked'),
      },
    ];
  });

/** Public keys of the listing. The text comes from the library of the token. */
export const readTokenObjects = (text: string): readonly TokenObject[] =>
  sectionsOf(text, /^Public Key Object(?:; )?(.*)$/).map(({ head, fields }) => ({
    description: head,
    label: fields.get('label'),
    id: fields.get('ID')?.replace(/ .*$/, '').toLowerCase(),
  }));

type Section = { readonly head: string; readonly fields: ReadonlyMap<string, string> };

/** A line that does not begin with white space begins a section; the first of two fields with one name counts. */
const sectionsOf = (text: string, head: RegExp): readonly Section[] => {
  const sections: { head: string | undefined; fields: Map<string, string> }[] = [];
  for (const line of text.split('\n')) {
    if (/^\S/.test(line)) sections.push({ head: head.exec(line)?.[1], fields: new Map() });
    const [, name, value] = /^ {2}([A-Za-z/ ]+):(.*)$/.exec(line) ?? [];
    const { fields } = sections.at(-1) ?? {};
    if (name !== undefined && value !== undefined && fields?.has(name.trimEnd()) === false) fields.set(name.trimEnd(), value.replace(/^ +/, ''));
  }
  return sections.flatMap(({ head: found, fields }) => (found === undefined ? [] : [{ head: found, fields }]));
};
