import { describe, expect, it } from 'vitest';
import { KEPT, withAttributes, withoutAttributes } from './git-attributes.ts';

const OURS = withAttributes('', KEPT).text;

describe('withAttributes', () => {
  it('never sets a merge driver, keeps git from merging every document whose bytes count, and from changing line ends', () => {
    expect(OURS).toMatch(/^\.trainlock\/kept\/\*\* -merge diff=trainlock -text$/m);
    expect(OURS).toMatch(/^\.trainlock\/policy\.yaml -merge -text$/m);
    for (const line of OURS.trimEnd().split('\n')) expect(line).toMatch(/ -merge .*-text$/);
    expect(OURS).not.toContain('merge=');
  });

  it.each([
    ['nothing', '', ''],
    ['a file without a last line feed', '*.bin binary', '*.bin binary\n'],
    ['comments, blanks and other line ends', '# mine\r\n\n  *.csv   text eol=lf \n', '# mine\r\n\n  *.csv   text eol=lf \n'],
  ])('adds its lines behind %s, which stays as it is, and takes them away again', (_, before, kept) => {
    const { text, foreign } = withAttributes(before, KEPT);
    expect([text, foreign]).toEqual([`${kept}${OURS}`, []]);
    expect(withAttributes(text, KEPT).text).toBe(text);
    expect(withoutAttributes(text, KEPT)).toBe(kept);
  });

  it('puts its lines in place of those of an earlier version', () => {
    expect(withAttributes('a b\n.trainlock/kept/** -merge -text\nc d\n', KEPT).text.split('\n').slice(0, 3)).toEqual([
      'a b',
      '.trainlock/kept/** -merge diff=trainlock -text',
      'c d',
    ]);
  });

  it('leaves a line of somebody else about the same files, and says so', () => {
    const { text, foreign } = withAttributes('.trainlock/kept/** merge=union\n', KEPT);
    expect(foreign).toEqual(['.trainlock/kept/**']);
    expect(text).toMatch(/^\.trainlock\/kept\/\*\* merge=union\n\.trainlock\/approvals/);
    expect(withoutAttributes(text, KEPT)).toBe('.trainlock/kept/** merge=union\n');
  });

  it('names the folder of a store that lies elsewhere', () => {
    expect(withAttributes('', 'my records/kept').text).toMatch(/^"my records\/kept\/\*\*" -merge diff=trainlock -text$/m);
    expect(withAttributes('', undefined).text).not.toContain('kept');
  });
});
