import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBase64, utf8 } from '#base';
import { differingLines } from './differing-lines.ts';
import { lineOfEntry } from './file-entry.ts';
import { fileListOf } from './file-list.ts';
import { linesOfList } from './list-lines.ts';

const DIGESTS = ['aa'.repeat(32), 'bb'.repeat(32)];

const entry = fc
  .record({ name: fc.constantFrom('a', 'b', 'sub/f', 'sub-x', 'z/1', 'z/2', 'ü'), sha256: fc.constantFrom(...DIGESTS), size: fc.constantFrom(0, 7), isRaw: fc.boolean() })
  .map(({ name, sha256, size, isRaw }) => (isRaw ? { path: `${name}\ufffd`, raw: toBase64(Uint8Array.of(...utf8(name), 0xff)), sha256, size } : { path: name, sha256, size }));

const list = fc.uniqueArray(entry, { selector: ({ path }) => path, maxLength: 10 }).map((entries) => fileListOf(entries));

const textsOf = (bytes: Uint8Array): readonly string[] => [...linesOfList(bytes)].map((line) => Buffer.from(line).toString());

/** The same bytes in pieces of whole lines. */
const inPieces = (bytes: Uint8Array, lines: number): readonly Uint8Array[] => {
  const all = textsOf(bytes);
  return Array.from({ length: Math.ceil(all.length / lines) }, (_, i) =>
    utf8(
      all
        .slice(i * lines, (i + 1) * lines)
        .map((line) => `${line}\n`)
        .join(''),
    ),
  );
};

describe('differingLines', () => {
  it('finds what sets of lines find, in the order of the lists and whatever the pieces', () => {
    fc.assert(
      fc.property(list, list, fc.integer({ min: 1, max: 4 }), (before, after, lines) => {
        const [old, young] = [textsOf(before), textsOf(after)];
        const found = differingLines(inPieces(before, lines), [after]);
        expect(found.kind === 'read' && [found.before.map(lineOfEntry), found.after.map(lineOfEntry)]).toEqual([
          old.filter((line) => !young.includes(line)),
          young.filter((line) => !old.includes(line)),
        ]);
      }),
    );
  });

  const line = (path: string): string => `${lineOfEntry({ path, sha256: DIGESTS[0]!, size: 1 })}\n`;

  it('takes equal lines that are not sorted for equal', () => {
    expect(differingLines([utf8(line('a') + line('c') + line('b'))], [utf8(line('a') + line('b') + line('c'))])).toEqual({ kind: 'read', before: [], after: [] });
  });

  it.each([
    ['{"path":"../x"}\n', 'path, sha256 or size is missing'],
    ['no line\n', 'the line is not a JSON object'],
    [line('a').replace('"a"', '"../a"'), 'path has a part . or ..'],
  ])('refuses the line %j', (text, reason) => {
    expect(differingLines([utf8(line('b'))], [utf8(text)])).toEqual({ kind: 'damaged', side: 'after', reason: `not a line of a file list: ${reason}` });
  });
});
