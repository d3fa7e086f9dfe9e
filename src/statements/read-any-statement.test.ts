import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import { digestOf, edited } from '../../test/fixtures/training-manifest.ts';
import { PREDICATE_TYPES } from './predicate-types.ts';
import { readAnyStatement } from './read-any-statement.ts';

const sha256 = digestOf('model');
const statement = { _type: 'https://in-toto.io/Statement/v1', subject: [{ name: 'model', digest: { sha256 } }], predicateType: PREDICATE_TYPES.provenance, predicate: { a: 1 } };
const changed = (edits: Readonly<Record<string, unknown>>): Uint8Array => utf8(JSON.stringify(edited(statement as object, edits)));
const digests = (count: number): object => ({ sha256, ...Object.fromEntries(Array.from({ length: count - 1 }, (_, at) => [`alg${at}`, 'aa'])) });
const subjects = (count: number): readonly object[] => Array.from({ length: count }, (_, at) => ({ name: `f${at}`, digest: { sha256 } }));

describe('readAnyStatement', () => {
  it.each(Object.entries(PREDICATE_TYPES))('reads a statement of the kind %s', (kind, predicateType) => {
    expect(readAnyStatement(changed({ '/predicateType': predicateType }))).toEqual({
      kind: 'accepted',
      value: {
        kind,
        predicateType,
        subjects: [{ name: 'model', digest: expect.objectContaining({ sha256 }) as unknown }],
        predicate: expect.objectContaining({ a: 1 }) as unknown,
      },
    });
  });

  it.each([
    ['white space and members in another order', utf8(JSON.stringify(Object.fromEntries(Object.entries(statement).toReversed()), null, 2))],
    ['a subject without a name', changed({ '/subject/0/name': undefined })],
    ['further digests of a subject', changed({ '/subject/0/digest': { sha256, sha512: 'ab', gitCommit: 'cd' } })],
    ['the members that in-toto gives a subject', changed({ '/subject/0/uri': 'pkg:a/b', '/subject/0/mediaType': 'text/plain', '/subject/0/annotations': { a: 1 } })],
    ['1024 subjects', changed({ '/subject': subjects(1024) })],
    ['32 digests', changed({ '/subject/0/digest': digests(32) })],
    ['fractions in the predicate of somebody else', changed({ '/predicate': { accuracy: 0.5 } })],
  ])('accepts %s', (_, bytes) => {
    expect(readAnyStatement(bytes)).toMatchObject({ kind: 'accepted' });
  });

  it.each([
    ['not-json', 'no JSON', utf8('{')],
    ['not-json', 'a member that is there twice', utf8(`{"_type":"https://in-toto.io/Statement/v1","_type":"x"}`)],
    ['not-json', 'a key that poisons prototypes', utf8(`{"__proto__":{"_type":"https://in-toto.io/Statement/v1"}}`)],
    ['not-json', 'something behind the statement', utf8(`${JSON.stringify(statement)}{}`)],
    ['not-a-statement', 'a list', utf8('[]')],
    ['not-a-statement', 'null', utf8('null')],
    ['statement-type', 'no _type', changed({ '/_type': undefined })],
    ['statement-type', 'the statement type of version 0.1', changed({ '/_type': 'https://in-toto.io/Statement/v0.1' })],
    ['statement-type', 'a statement type with a slash behind it', changed({ '/_type': 'https://in-toto.io/Statement/v1/' })],
    ['statement-type', 'a statement type that is a list', changed({ '/_type': ['https://in-toto.io/Statement/v1'] })],
    ['unknown-member', 'a further member', changed({ '/extra': 1 })],
    ['unknown-member', 'a member in other letters', changed({ '/predicate_type': 'x' })],
    ['predicate-type', 'no predicateType', changed({ '/predicateType': undefined })],
    ['predicate-type', 'an excuse', changed({ '/predicateType': 'https://trainlock.dev/excuse/v0' })],
    ['predicate-type', 'a predicate type in capitals', changed({ '/predicateType': 'HTTPS://slsa.dev/provenance/v1' })],
    ['predicate-type', 'a predicate type with a space', changed({ '/predicateType': 'https://slsa.dev/provenance/v1 ' })],
    ['predicate-type', 'a predicate type that is a name of every object', changed({ '/predicateType': 'constructor' })],
    ['predicate-version', 'SLSA provenance 0.2', changed({ '/predicateType': 'https://slsa.dev/provenance/v0.2' })],
    ['predicate-version', 'a later record of a run', changed({ '/predicateType': 'https://trainlock.dev/training-run/v2' })],
    ['predicate-version', 'a later model signature', changed({ '/predicateType': 'https://model_signing/signature/v1.1' })],
    ['predicate-missing', 'no predicate', changed({ '/predicate': undefined })],
    ['predicate-missing', 'a predicate that is text', changed({ '/predicate': 'x' })],
    ['no-subject', 'no subject member', changed({ '/subject': undefined })],
    ['no-subject', 'an empty subject', changed({ '/subject': [] })],
    ['no-subject', 'a subject that is an object', changed({ '/subject': { name: 'a', digest: { sha256 } } })],
    ['too-many-subjects', '1025 subjects', changed({ '/subject': subjects(1025) })],
    ['malformed-subject', 'a subject that is text', changed({ '/subject': [sha256] })],
    ['malformed-subject', 'a name that is a number', changed({ '/subject/0/name': 1 })],
    ['unknown-member', 'a further member of a subject', changed({ '/subject/0/sha256': sha256 })],
    ['no-sha256', 'a subject without digests', changed({ '/subject/0/digest': undefined })],
    ['no-sha256', 'md5 only', changed({ '/subject/0/digest': { md5: 'a'.repeat(32) } })],
    ['no-sha256', 'sha1 only', changed({ '/subject/0/digest': { sha1: 'a'.repeat(40) } })],
    ['no-sha256', 'SHA256 in capitals', changed({ '/subject/0/digest': { SHA256: sha256 } })],
    ['malformed-digest', 'a digest in capitals', changed({ '/subject/0/digest/sha256': sha256.toUpperCase() })],
    ['malformed-digest', 'a short digest', changed({ '/subject/0/digest/sha256': sha256.slice(2) })],
    ['malformed-digest', 'a long digest', changed({ '/subject/0/digest/sha256': `${sha256}00` })],
    ['malformed-digest', 'a digest with a line end', changed({ '/subject/0/digest/sha256': `${sha256}\n` })],
    ['malformed-digest', 'a digest that is a number', changed({ '/subject/0/digest/sha512': 1 })],
    ['too-many-digests', '33 digests', changed({ '/subject/0/digest': digests(33) })],
    ['no-sha256', 'a bad subject behind a good one', changed({ '/subject': [{ digest: { sha256 } }, { digest: { sha1: 'aa' } }] })],
  ])('refuses with the word %s: %s', (refusal, _, bytes) => {
    const reading = readAnyStatement(bytes);
    expect(reading).toMatchObject({ kind: 'refused', refusal });
    expect(reading.kind === 'refused' && / /.test(reading.because)).toBe(true);
  });

  it('does not let a statement of one kind pass for another, whatever it says inside', () => {
    expect(readAnyStatement(changed({}), 'training-run')).toMatchObject({ kind: 'refused', refusal: 'other-kind' });
    expect(readAnyStatement(changed({}), 'provenance')).toMatchObject({ kind: 'accepted' });
  });

  it('does not print control characters of what it refuses', () => {
    const reading = readAnyStatement(changed({ '/predicateType': '\u202ehttps://evil\u0007' }));
    expect(reading.kind === 'refused' && reading.because).toMatch(/^[\u0020-\u007e]+$/);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => ['accepted', 'refused'].includes(readAnyStatement(bytes).kind)));
    const members = fc.record({ _type: fc.constant(statement._type), subject: fc.jsonValue(), predicateType: fc.constant(statement.predicateType), predicate: fc.jsonValue() });
    fc.assert(fc.property(members, (any) => ['accepted', 'refused'].includes(readAnyStatement(utf8(JSON.stringify(any))).kind)));
  });
});
