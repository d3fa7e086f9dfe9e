import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import { initialConfig, readConfig } from './index.ts';

describe('initialConfig', () => {
  it('declares nothing where nothing was found', () => {
    expect(readConfig(utf8(initialConfig({ data: [], metrics: [], outputs: [] })))).toEqual({ kind: 'accepted', value: { version: 0 } });
  });

  it('is valid when every comment that shows a key is taken away', () => {
    const text = initialConfig({ data: [], metrics: [], outputs: [] }).replace(/^# ?(?=[a-z]+:|- | {2})/gm, '');
    expect(readConfig(utf8(text))).toMatchObject({ kind: 'accepted', value: { data: { train: { role: 'train' } }, criteria: [{ value: '0.95' }], run: { ignore: ['tmp/**'] } } });
  });

  it('is read back as what was found, whatever the names of files are', () => {
    const path = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }).filter((text) => text.isWellFormed());
    const found = fc.record({
      data: fc.constant([]),
      outputs: fc.uniqueArray(fc.record({ name: fc.stringMatching(/^[a-z]{1,8}$/).filter((name) => name !== 'constructor'), path, role: fc.constant('model' as const) }), {
        selector: ({ name }) => name,
        maxLength: 3,
      }),
      metrics: fc.uniqueArray(fc.record({ name: path.filter((name) => !['__proto__', 'constructor', 'prototype'].includes(name)), file: path, pointer: path }), {
        selector: ({ name }) => name,
        maxLength: 3,
      }),
    });
    fc.assert(
      fc.property(found, (detected) => {
        expect(readConfig(utf8(initialConfig(detected)))).toEqual({
          kind: 'accepted',
          value: {
            version: 0,
            ...(detected.outputs.length === 0 ? {} : { outputs: Object.fromEntries(detected.outputs.map(({ name, ...output }) => [name, output])) }),
            ...(detected.metrics.length === 0 ? {} : { metrics: Object.fromEntries(detected.metrics.map(({ name, ...metric }) => [name, metric])) }),
          },
        });
      }),
      { numRuns: 200 },
    );
  });
});
