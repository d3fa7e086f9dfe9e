import { canonicalJson, type Crypto, toHex } from '#base';
import { STATEMENT_TYPE } from '#manifest';
import { kindOfPredicate, PREDICATE_TYPES, type StatementKind } from './predicate-types.ts';

/** One thing that a statement is about. */
export type Subject = { readonly name?: string; readonly digest: { readonly sha256: string } };

/** Never leaves this file, so that nothing outside the room can write an object of the type, and a copy does not carry it. */
const BUILT: unique symbol = Symbol('built statement');

/**
 * A statement that this room has built, or has read and found to be ours: the only thing that may be signed. Whoever signs takes this
 * type and no bytes, so that nobody gets a signature over bytes of his choice, and asks `isBuiltStatement` before he signs.
 */
export type BuiltStatement<Kind extends StatementKind = StatementKind> = {
  readonly [BUILT]: Kind;
  readonly kind: Kind;
  /** The exact bytes to sign, in canonical form. Source: RFC 8785. */
  readonly payload: Uint8Array;
  readonly predicateType: string;
  /** SHA-256 of the payload in lower-case hexadecimal: the identity of the statement. */
  readonly sha256: string;
};

/**
 * Whether a value was made by this room and its bytes are still those that were built. The type alone does not say so: it can be cast,
 * spread and written into.
 */
export const isBuiltStatement = (value: unknown, crypto: Crypto): value is BuiltStatement => {
  if (typeof value !== 'object' || value === null || !(BUILT in value)) return false;
  const { payload, sha256, kind, predicateType, [BUILT]: built } = value as BuiltStatement;
  return payload instanceof Uint8Array && kind === built && kindOfPredicate(predicateType) === built && toHex(crypto.sha256(payload)) === sha256;
};

/** For the builders of this room only; not in its door. The payload is copied. A record of a run brings the type of its version with it. */
export const builtStatement = <Kind extends StatementKind, More extends object>(kind: Kind, payload: Uint8Array, crypto: Crypto, more: More): BuiltStatement<Kind> & More => {
  const statement = { predicateType: PREDICATE_TYPES[kind], ...more, kind, payload: payload.slice(), sha256: toHex(crypto.sha256(payload)) };
  // Not enumerable: `{ ...statement, payload: other }` loses it.
  return Object.freeze(Object.defineProperty(statement, BUILT, { value: kind })) as unknown as BuiltStatement<Kind> & More;
};

/** What a builder says. Every number in the predicate is a safe integer. */
export type StatementContent<Kind extends StatementKind> = { readonly kind: Kind; readonly subjects: readonly Subject[]; readonly predicate: object };

/** For the builders of this room only; not in its door. */
export const buildStatement = <Kind extends StatementKind>({ kind, subjects, predicate }: StatementContent<Kind>, crypto: Crypto): BuiltStatement<Kind> =>
  builtStatement(kind, canonicalJson({ _type: STATEMENT_TYPE, subject: subjects, predicateType: PREDICATE_TYPES[kind], predicate }), crypto, {});
