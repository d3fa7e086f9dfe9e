import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeCard } from './place-card.ts';

const PARTS = { metadata: new Map([['license', ['license: "mit"']] as const, ['datasets', ['datasets:', '  - "a/b"']] as const]), body: 'ours\n\nagain' };
const FRONT = '# trainlock:begin\ndatasets:\n  - "a/b"\nlicense: "mit"\n# trainlock:end\n';
const BODY = '<!-- trainlock:begin -->\nours\n\nagain\n<!-- trainlock:end -->\n';

const textOf = (existing: string, parts: Parameters<typeof placeCard>[1] = PARTS): string => {
  const card = placeCard(existing, parts);
  return card.kind === 'accepted' ? card.value.text : `refused: ${card.problems[0]!.message}`;
};

/** A front matter that holds nothing says the same as none. */
const EMPTY_FRONT = /^---\r?\n---(?:\r?\n|$)/;

describe('placeCard', () => {
  it.each([
    ['no card', '', `---\n${FRONT}---\n${BODY}`],
    ['text alone', '# Model\n', `---\n${FRONT}---\n# Model\n\n${BODY}`],
    ['text without a last line feed', '# Model', `---\n${FRONT}---\n# Model\n\n${BODY}`],
    [
      'a front matter of others, with its comments and forms',
      '---\nlanguage:   [ en ]  # x\nd: |\n  two\n  lines\n---\n# Model\n',
      `---\nlanguage:   [ en ]  # x\nd: |\n  two\n  lines\n${FRONT}---\n# Model\n\n${BODY}`,
    ],
    [
      'parts of ours that are old',
      `---\na: 1\n# trainlock:begin\nlicense: "x"\n# trainlock:end\nb: 2\n---\nabove\n<!-- trainlock:begin -->\nold\n<!-- trainlock:end -->\nbelow`,
      `---\na: 1\n${FRONT}b: 2\n---\nabove\n${BODY}below`,
    ],
    ['white space before and behind the dashes', '\n \n--- \na: 1\n---\t\nx\n', `\n \n--- \na: 1\n${FRONT}---\t\nx\n\n${BODY}`],
    ['a byte-order mark', '\ufeff# Model\n', `\ufeff---\n${FRONT}---\n# Model\n\n${BODY}`],
    ['a front matter at the very end', '---\n---', `---\n${FRONT}---\n${BODY}`],
    ['an empty front matter', '---\n---\n', `---\n${FRONT}---\n${BODY}`],
    ['marks that are only spoken of', '---\na: "# trainlock:begin"\n---\ntrainlock:begin\n', `---\na: "# trainlock:begin"\n${FRONT}---\ntrainlock:begin\n\n${BODY}`],
  ])('puts our parts into %s', (_, existing, expected) => {
    expect(textOf(existing)).toBe(expected);
    expect(textOf(expected)).toBe(expected);
  });

  it('writes the line ends of the card', () => {
    expect(textOf('---\r\na: 1\r\n---\r\nx\r\n')).toBe(`---\r\na: 1\r\n${FRONT.replaceAll('\n', '\r\n')}---\r\nx\r\n\r\n${BODY.replaceAll('\n', '\r\n')}`);
  });

  it('leaves a key that somebody else has written, and says so', () => {
    const card = placeCard('---\nlicense: gpl-3.0 # theirs\n---\n', PARTS);
    expect(card).toMatchObject({ kind: 'accepted', value: { left: ['license'] } });
    expect(textOf('---\nlicense: gpl-3.0 # theirs\n---\n')).toContain('license: gpl-3.0 # theirs\n# trainlock:begin\ndatasets:\n  - "a/b"\n# trainlock:end\n');
  });

  it('makes no front matter where nothing is known', () => {
    expect(textOf('# Model\n', { ...PARTS, metadata: new Map() })).toBe(`# Model\n\n${BODY}`);
  });

  it.each([
    ['a front matter that is not closed', '---\na: 1\n', /not closed/],
    ['a front matter that is a list', '---\n- a\n---\n', /not a YAML map/],
    ['a front matter in flow style', '---\n{ a: 1 }\n---\n', /block style/],
    ['a front matter that is not YAML', '---\na: [\n---\n', /not YAML/],
    ['two documents', '---\na: 1\n...\nb: 2\n---\n', /more than one document/],
    ['a mark without its other', '<!-- trainlock:begin -->\n', /is missing/],
    ['marks the wrong way round', '<!-- trainlock:end -->\n<!-- trainlock:begin -->\n', /wrong order/],
    ['marks twice', `${BODY}${BODY}`, /more than once/],
    ['a mark with something beside it', '<!-- trainlock:begin --> x\n<!-- trainlock:end -->\n', /damaged/],
    ['a mark that was written otherwise', '<!--trainlock:begin-->\n<!-- trainlock:end -->\n', /damaged/],
    ['marks twice in the front matter', `---\n${FRONT}${FRONT}---\n`, /more than once/],
    ['a mark of the front matter without its other', '---\n# trainlock:end\n---\n', /is missing/],
    ['a front matter that goes deep', `---\na: ${'['.repeat(200)}\n---\n`, /nested deeper/],
    [
      'aliases that grow',
      `---\n${[
        'a: &a [x]',
        ...Array.from(
          { length: 20 },
          (_, i) =>
            `b${i}: &b${i} [${Array(9)
              .fill(i === 0 ? '*a' : `*b${i - 1}`)
              .join(', ')}]`,
        ),
      ].join('\n')}\n---\n`,
      /not a YAML map/,
    ],
  ])('refuses %s', (_, existing, because) => {
    expect(textOf(existing)).toMatch(/^refused: /);
    expect(textOf(existing)).toMatch(because);
  });

  it('keeps every byte of others, and changes nothing a second time', () => {
    const line = fc.constantFrom('a: 1', '# b', '', '---', 'text', '- x', 'license: x', '<!-- c -->', 'ü\u2028', '```', '  y: z');
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom('\n', '\r\n'), (lines, newline) => {
        const existing = lines.join(newline);
        const card = placeCard(existing, PARTS);
        if (card.kind === 'rejected') return;
        const { text } = card.value;
        expect(placeCard(text, PARTS)).toEqual(card);
        const without = text
          .replace(/# trainlock:begin[\s\S]*?# trainlock:end\r?\n/, '')
          .replace(/<!-- trainlock:begin -->[\s\S]*?<!-- trainlock:end -->\r?\n/, '')
          .replace(EMPTY_FRONT, '');
        expect(without.replaceAll(/\s+$/g, '')).toBe(existing.replace(EMPTY_FRONT, '').replaceAll(/\s+$/g, ''));
      }),
    );
  });
});
