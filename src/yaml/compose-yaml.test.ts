import { describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import { composeYaml } from './compose-yaml.ts';

const BOUNDS = { maxBytes: 1000, maxDepth: 10, maxParts: 100 };

const messageOf = (text: string | Uint8Array): string => {
  const reading = composeYaml(typeof text === 'string' ? utf8(text) : text, 'core', BOUNDS);
  return reading.kind === 'rejected' ? reading.problems.map(({ line, message }) => `${line ?? ''} ${message}`.trim()).join('; ') : 'accepted';
};

describe('composeYaml', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['one document', 'a: 1\n', 'accepted'],
    ['nothing', '', 'accepted'],
    ['a byte-order mark', '\ufeffa: 1\n', 'accepted'],
    ['two documents', 'a: 1\n---\nb: 2\n', '2 the file has more than one document'],
    ['too many bytes', 'x'.repeat(1001), 'the file has 1001 bytes; at most 1000 are read'],
    ['bytes that are no text', Uint8Array.of(0xff), 'the file is not UTF-8'],
    ['brackets without end', `a:\n  ${'['.repeat(900)}`, '2 nested deeper than 10 levels'],
    ['too many parts', '- a\n'.repeat(200), 'the file has more than 100 parts'],
  ])('answers for %s', (_, text, message) => {
    expect(messageOf(text)).toBe(message);
  });

  it('knows numbers in the core schema and only texts in the failsafe one', () => {
    const valueOf = (schema: 'core' | 'failsafe'): unknown => {
      const reading = composeYaml(utf8('digest: 12e4567\n'), schema, BOUNDS);
      return reading.kind === 'accepted' ? reading.value.document.toJS() : undefined;
    };
    expect(valueOf('failsafe')).toEqual({ digest: '12e4567' });
    expect(typeof (valueOf('core') as { digest: unknown }).digest).toBe('number');
  });
});
