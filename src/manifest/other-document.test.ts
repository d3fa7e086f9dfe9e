import { describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import { otherDocument } from './other-document.ts';
import { PREDICATE_TYPE, STATEMENT_TYPE } from './read-statement.ts';

const VSA = 'https://slsa.dev/verification_summary/v1';

const statementOf = (predicateType: unknown) => ({ _type: STATEMENT_TYPE, subject: [], predicateType, predicate: {} });
const envelopeOf = (statement: unknown) => ({
  payload: Buffer.from(JSON.stringify(statement)).toString('base64'),
  payloadType: 'application/vnd.in-toto+json',
  signatures: [{ sig: '' }],
});

describe('a document', () => {
  it.each<[string, unknown, string | undefined]>([
    ['with a statement of another type', statementOf(VSA), `a statement of the type ${VSA}`],
    ['with it in an envelope', envelopeOf(statementOf(VSA)), `a statement of the type ${VSA}`],
    ['with it in a bundle', { mediaType: 'x', dsseEnvelope: envelopeOf(statementOf(VSA)) }, `a statement of the type ${VSA}`],
    ['with a record, and a signature over a file', { dsseEnvelope: envelopeOf(statementOf(PREDICATE_TYPE)), messageSignature: {} }, undefined],
    ['with a signature over a file', { mediaType: 'x', messageSignature: {} }, 'a signature over a file that lies elsewhere'],
    ['with a type that would change the screen', statementOf('\u001b[2J'), 'a statement of the type \\x1b[2J'],
    ['with a record', statementOf(PREDICATE_TYPE), undefined],
    ['with a record in a bundle', { dsseEnvelope: envelopeOf(statementOf(PREDICATE_TYPE)) }, undefined],
    ['with a record of a later version', statementOf('https://trainlock.dev/training-run/v7'), undefined],
    ['with a type that is ours but for a space', statementOf(`${PREDICATE_TYPE} `), undefined],
    ['with a type that ends in half a letter', statementOf(`${'a'.repeat(199)}\u{1f600}`), `a statement of the type ${'a'.repeat(199)}\ufffd`],
    ['without a type', statementOf(undefined), undefined],
    ['with a type that is no text', statementOf(7), undefined],
    ['with a broken payload', { dsseEnvelope: { payload: '!', payloadType: 'x' } }, undefined],
    ['that is a manifest', { schemaVersion: '0.1' }, undefined],
    ['that is a list', [], undefined],
  ])('%s', (_, document, words) => {
    expect(otherDocument(utf8(JSON.stringify(document)))).toBe(words);
  });

  it('that is not JSON', () => {
    expect(otherDocument(utf8('no'))).toBeUndefined();
  });
});
