import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The recipes of docs/guides/verify-without-trainlock.md, carried out. */
export const RECIPES = 'test/foreign/recipes.test.ts';

/** What vitest reports as JSON. */
type Report = {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly ancestorTitles: readonly string[]; readonly title: string; readonly status: string }[];
  }[];
};

const firstLine = (program: string, ...args: readonly string[]): string => spawnSync(program, args, { encoding: 'utf8' }).stdout?.split('\n')[0] ?? '';

/** The tools that the recipes were carried out with. */
const versions = (python: string): string => {
  const tools = JSON.parse(readFileSync('tools/go-tools.json', 'utf8')) as Readonly<Record<string, { readonly version?: string }>>;
  const ofPython = "import importlib.metadata as m; print(' · '.join(f'{name} {m.version(name)}' for name in ('securesystemslib', 'model-signing', 'cryptography')))";
  return [
    ...['cosign', 'slsa-verifier', 'fsck'].map((name) => `${name} ${tools[name]?.version}`),
    firstLine('openssl', 'version').replace(/ \(.*/, ''),
    firstLine('go', 'version').replace(/^go version /, ''),
    firstLine('jq', '--version'),
    firstLine(python, '-c', ofPython),
  ].join(' · ');
};

/** A table of what each tool said of a good record, and of the same record with one byte changed. */
export const recipeTable = (reportPath: string, python: string): string => {
  const report = JSON.parse(readFileSync(reportPath, 'utf8')) as Report;
  const tests = report.testResults.filter(({ name }) => name.endsWith(RECIPES)).flatMap(({ assertionResults }) => assertionResults);
  const rows = new Map<string, { accepts: string; refuses: string[] }>();
  for (const { ancestorTitles, title, status } of tests) {
    const recipe = ancestorTitles[1];
    if (recipe === undefined) continue;
    const row = rows.get(recipe) ?? { accepts: '', refuses: [] };
    const changed = /^refuses one changed byte: (.*)$/.exec(title)?.[1];
    if (changed === undefined) row.accepts = status;
    else row.refuses.push(status === 'passed' ? changed : `${changed} (${status})`);
    rows.set(recipe, row);
  }
  return [
    `${versions(python)}.\n`,
    '| recipe | fresh record | refused with one byte changed in |',
    '|---|---|---|',
    ...[...rows].map(([recipe, { accepts, refuses }]) => `| ${recipe} | ${accepts} | ${refuses.join(', ')} |`),
  ].join('\n');
};
