import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from './bytes.ts';

describe('base64', () => {
  it('is what Node writes, and reads back to the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(toBase64(bytes)).toBe(text);
        expect(fromBase64(text)).toEqual(bytes);
      }),
    );
  });

  it('is read only in the one form in which it is written', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), (text) => {
        const bytes = fromBase64(text);
        if (bytes !== undefined) expect(toBase64(bytes)).toBe(text);
      }),
    );
  });

  it.each(['A', 'AA', 'AAA', 'AAA=AAAA', '====', 'A===', 'AB==', 'AAB=', 'AA-_', 'AA==\n', ' AAA', 'AA\u0141A', 'AA=A', 'AAAA=', 'AAAA===='])('refuses %j', (text) => {
    expect(fromBase64(text)).toBeUndefined();
  });
});
