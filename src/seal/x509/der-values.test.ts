import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBytes } from '#base';
import { derElements } from '../der.ts';
import { booleanOf, derOf, integerBytesOf, oidOf, onlyElement, smallNumberOf, wholeBitsOf } from './der-values.ts';

const element = (hex: string) => onlyElement(Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));

describe('values in DER', () => {
  it.each([
    ['0603551d0f', '2.5.29.15'],
    ['06082b06010505070308', '1.3.6.1.5.5.7.3.8'],
    ['06092b0601040183bf3001', '1.3.6.1.4.1.57264.1'],
    ['060100', '0.0'],
    ['0601' + '27', '0.39'],
    ['0601' + '7f', '2.47'],
  ])('%s is the object identifier %s', (hex, text) => {
    expect(oidOf(element(hex))).toBe(text);
  });

  it.each(['0600', '060180', '06025580', '0603558001', '0403551d0f'])('%s is no object identifier', (hex) => {
    expect(oidOf(element(hex))).toBeUndefined();
  });

  it.each([
    ['0101ff', true],
    ['010100', false],
    ['010101', undefined],
    ['0102ffff', undefined],
    ['0100', undefined],
  ])('%s as a boolean is %s', (hex, value) => {
    expect(booleanOf(element(hex))).toBe(value);
  });

  it.each([
    ['020100', 0],
    ['02020080', 128],
    ['02047fffffff', 2_147_483_647],
    ['020180', undefined],
    ['02020001', undefined],
    ['0205008000' + '0000', undefined],
    ['0200', undefined],
  ])('%s as a small number is %s', (hex, value) => {
    expect(smallNumberOf(element(hex))).toBe(value);
  });

  it('a padded or overlong INTEGER is none', () => {
    expect(integerBytesOf(element('0202ff80'))).toBeUndefined();
    expect(integerBytesOf(element('0216' + '11'.repeat(22)))).toBeUndefined();
    expect(integerBytesOf(element('0215' + '11'.repeat(21)))).toHaveLength(21);
  });

  it('a bit string with unused bits is not whole', () => {
    expect(wholeBitsOf(element('03020780'))).toBeUndefined();
    expect(wholeBitsOf(element('0302' + '0080'))).toEqual(Uint8Array.of(0x80));
    expect(wholeBitsOf(element('0300'))).toBeUndefined();
  });

  it('an element that was written is read again', () => {
    fc.assert(
      fc.property(fc.constantFrom(0x02, 0x04, 0x30, 0xa0), fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constant(new Uint8Array(70_000))), (tag, content) => {
        const elements = derElements(derOf(tag, content));
        expect(elements?.map((one) => [one.tag, compareBytes(one.content, content)])).toEqual([[tag, 0]]);
      }),
    );
  });
});
