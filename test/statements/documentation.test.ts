import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ALWAYS_IGNORED, BUILD_TYPE, PREDICATE_TYPES, VERIFIED_LEVELS } from '#statements';

const page = readFileSync('docs/reference/statements.md', 'utf8');

describe('docs/reference/statements.md', () => {
  it.each([
    ...Object.entries(PREDICATE_TYPES).map(([kind, type]) => `| \`${kind}\` | \`${type}\` |`),
    ...Object.entries(VERIFIED_LEVELS).map(([level, says]) => `| \`${level}\` | ${says} |`),
    ...ALWAYS_IGNORED.map((path) => `\`${path}\``),
    `\`${BUILD_TYPE}\``,
  ])('says %s', (text) => {
    expect(page).toContain(text);
  });
});
