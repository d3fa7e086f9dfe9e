/** The keys of this user, and which one signs now. */
import { type KeyEntry, keysFolder, listKeys } from '#keys';

export type ListKeysRequest = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The key that the settings name. */
  readonly settingsKey: string;
};

export type ListedKeys = {
  /** Where they lie; absent if there is no place for keys. */
  readonly folder?: string;
  readonly entries: readonly KeyEntry[];
  /** What signs records now: the name of a key of this user, or what the settings name. */
  readonly signsNow: { readonly kind: 'key'; readonly name: string } | { readonly kind: 'made-on-first-use' } | { readonly kind: 'elsewhere'; readonly reference: string };
};

/** Throws TL1102 if the folder of keys cannot be used. */
export const listUserKeys = async ({ env, settingsKey }: ListKeysRequest): Promise<ListedKeys> => {
  const folder = keysFolder(env);
  const entries = await listKeys(env);
  return { ...(folder.kind === 'folder' ? { folder: folder.path } : {}), entries, signsNow: signsNow(entries, settingsKey) };
};

/** A name that was replaced signs with its newest key. */
const signsNow = (entries: readonly KeyEntry[], reference: string): ListedKeys['signsNow'] => {
  const keys = new Map(entries.flatMap((entry) => (entry.kind === 'key' ? [[entry.key.name, entry.key] as const] : [])));
  let key = keys.get(reference);
  if (key === undefined) {
    const isThere = entries.some((entry) => entry.kind !== 'key' && entry.name === reference);
    return reference === 'default' && !isThere ? { kind: 'made-on-first-use' } : { kind: 'elsewhere', reference };
  }
  const seen = new Set<string>();
  while (key.replacedBy !== undefined && !seen.has(key.name)) {
    seen.add(key.name);
    key = keys.get(key.replacedBy) ?? key;
  }
  return { kind: 'key', name: key.name };
};
