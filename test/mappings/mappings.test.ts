import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Mapping, readMapping } from '#evidence';
import { nodeCrypto } from '#files';
import { parseInput } from '../../src/cli/parse-input.ts';
import { valueOf } from '../fixtures/log-keys.ts';

const FOLDER = join(import.meta.dirname, '../../mappings');
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
const mappingOf = (name: string): Mapping => valueOf(readMapping(readFileSync(join(FOLDER, name)), nodeCrypto));

describe.each(names)('the compliance map %s', (name) => {
  const mapping = mappingOf(name);

  it('lies under its own name, and supersedes one that is there', () => {
    expect(name).toBe(`${mapping.id}@${mapping.date}.yaml`);
    if (mapping.supersedes !== undefined) expect(names).toContain(`${mapping.supersedes}.yaml`);
  });

  it('names only commands and flags that there are', () => {
    const lines = mapping.clauses.flatMap(({ commands = [] }) => commands);
    for (const line of lines) expect(parseInput(line.split(' ').slice(1)), line).toMatchObject({ kind: 'command' });
    expect(mapping.clauses.filter(({ needs, commands }) => needs !== undefined && commands === undefined)).toEqual([]);
  });

  it('uses each of its sources, and never says that anybody is compliant', () => {
    const used = new Set(mapping.clauses.flatMap(({ sources = [] }) => sources));
    expect([...used].toSorted()).toEqual(Object.keys(mapping.sources ?? {}).toSorted());
    expect(JSON.stringify(mapping)).not.toMatch(/complian|\bcertif|\bconform/i);
  });
});

describe('the compliance maps', () => {
  it('are drafts but for what was read in a source', () => {
    const sourced = names.map(mappingOf).flatMap(({ id, clauses }) => clauses.flatMap(({ clause, isDraft }) => (isDraft ? [] : [`${id} ${clause}`])));
    expect(sourced.filter((one) => !one.startsWith('soc2-cc8.1 '))).toEqual(['eu-ai-act Article 9(6) to (8)']);
  });

  it('go with the package and the wheel', () => {
    const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly files: readonly string[] };
    expect(files).toContain('mappings');
    expect(readFileSync('tools/build-wheel.mjs', 'utf8')).toContain("cpSync('mappings'");
  });
});
