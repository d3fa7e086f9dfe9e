import type { JsonValue } from '#base';

export type JsonObject = Readonly<Record<string, JsonValue>>;

/**
 * What a view says that the record does not, or says elsewhere.
 * moved: the same value at another place. unknown: the later version asks for it, and the record could not know it. kept-aside: the later
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

/** From one major version to the next, and back. Both are total: they take any object, and invent nothing. */
export type MigrationStep = {
  readonly forward: (value: JsonObject) => Shown;
  readonly back: (value: JsonObject) => JsonObject;
};
