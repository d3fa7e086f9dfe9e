import type { JsonValue } from '#base';

export type JsonObject = Readonly<Record<string, JsonValue>>;

/**
 * What a view says that the record does not, or says elsewhere.
 * moved: the same value at another place. unknown: the later version asks for it, and the record could not know it. kept-aside: the other
 * version has no such field, so it is kept among the extensions. not-recorded: the version of the record had no way to say it.
 */
export type MigrationNote = {
  readonly kind: 'moved' | 'unknown' | 'kept-aside' | 'not-recorded';
  /** JSON pointer in the view. */
  readonly pointer: string;
  /** JSON pointer in the record, where it stands there. */
  readonly from?: string;
  /** One sentence. */
  readonly because: string;
};

/** A record as another version would have written it. */
export type Shown = { readonly value: JsonObject; readonly notes: readonly MigrationNote[] };

/** From one major version to the next, and back. All of it is total: it takes any object or pointer, and invents nothing. */
export type MigrationStep = {
  readonly forward: (value: JsonObject) => Shown;
  readonly back: (value: JsonObject) => Shown;
  /** Where a place of the earlier version stands in a view of the later one; undefined for a name that the earlier one does not have and the later one uses. */
  readonly placeOf: (pointer: string) => string | undefined;
  /** A path of the manifest as the later version writes it. */
  readonly pathOf: (path: string) => string;
};
