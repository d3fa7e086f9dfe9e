import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const PAGE = readFileSync('docs/reference/trust.md', 'utf8');

type Schema = {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly enum?: readonly string[];
};

/** Every member and every word that a schema knows. */
const namesIn = (schema: Schema): readonly string[] => [
  ...(schema.enum ?? []),
  ...Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => [name, ...namesIn(inner)]),
  ...(schema.items === undefined ? [] : namesIn(schema.items)),
  ...Object.values(schema.$defs ?? {}).flatMap(namesIn),
];

/** The words of a union of texts. */
const wordsOf = (file: string, type: string): readonly string[] => {
  const [, union] = new RegExp(`export type ${type} =([^;]*);`).exec(readFileSync(file, 'utf8')) ?? [];
  return [...(union ?? '').matchAll(/'([a-z-]+)'/g)].map(([, word]) => word!);
};

describe('the page about trust files', () => {
  it.each(['trust', 'trust-envelope', 'trust-pin'])('names every member of the schema %s', (name) => {
    const names = namesIn(JSON.parse(readFileSync(`schema/${name}/v0.schema.json`, 'utf8')) as Schema);
    expect(names.length).toBeGreaterThan(4);
    expect(names.filter((one) => !new RegExp(`\`([a-z]+\\.)?${one}\``, 'i').test(PAGE))).toEqual([]);
  });

  it.each([
    ['src/trust/accept-trust.ts', 'TrustRefusal'],
    ['src/trust/judge-signer.ts', 'SignerRefusal'],
  ])('names every refusal of %s', (file, type) => {
    const words = wordsOf(file, type);
    expect(words.length).toBeGreaterThan(6);
    expect(words.filter((word) => !PAGE.includes(`| \`${word}\` |`))).toEqual([]);
  });
});
