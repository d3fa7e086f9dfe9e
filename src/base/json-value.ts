/** What JSON can say. Objects have no prototype when they come from readJson. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };
