import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOMS } from '../../tools/rooms.ts';

/** A violation of the house rules that the lint must report: where it is planted, and what it says. */
type Planted = { readonly file: string; readonly text: string };

const forbiddenImports: readonly Planted[] = ROOMS.flatMap((room) =>
  ROOMS.filter((other) => other.name !== room.name && !room.imports.includes(other.name)).map((other) => ({
    file: `src/${room.name}/imports-${other.name}.ts`,
    text: `import { something } from '#${other.name}';\nexport const used = something;\n`,
  })),
);

const pureRooms = ROOMS.filter((room) => room.pure);

const impurities: readonly Planted[] = pureRooms.flatMap((room) =>
  Object.entries({
    'node-builtin': "import { readFileSync } from 'node:fs';\nexport const used = readFileSync;\n",
    'bare-builtin': "import { readFileSync } from 'fs';\nexport const used = readFileSync;\n",
    clock: 'export const used = new Date();\n',
    'clock-now': 'export const used = Date.now();\n',
    timer: 'export const used = performance.now();\n',
    randomness: 'export const used = Math.random();\n',
    environment: "export const used = process.env['HOME'];\n",
    global: "export const used = globalThis['process'];\n",
    network: "export const used = fetch('http://localhost');\n",
  }).map(([name, text]) => ({ file: `src/${room.name}/${name}.ts`, text })),
);

const doors: readonly Planted[] = ROOMS.flatMap((room) => {
  const other = ROOMS.find((one) => one.name !== room.name)!;
  return [
    { file: `src/${room.name}/past-the-door.ts`, text: `import { something } from '../${other.name}/inner.ts';\nexport const used = something;\n` },
    { file: `src/${room.name}/own-door.ts`, text: `import { something } from '#${room.name}';\nexport const used = something;\n` },
  ];
});

const style: readonly Planted[] = [
  { file: 'src/base/default-export.ts', text: 'export default 1;\n' },
  { file: 'src/base/any-type.ts', text: 'export const used: any = 1;\n' },
  { file: 'src/base/NotKebab.ts', text: 'export const used = 1;\n' },
  { file: 'src/base/type-only.ts', text: "import type { Manifest } from '#manifest';\nexport type Used = Manifest;\n" },
  { file: 'src/base/dynamic.ts', text: "export const used = (): Promise<unknown> => import('#manifest');\n" },
  { file: 'src/base/cycle-a.ts', text: "import { b } from './cycle-b.ts';\nexport const a = (): unknown => b;\n" },
  { file: 'src/base/cycle-b.ts', text: "import { a } from './cycle-a.ts';\nexport const b = (): unknown => a;\n" },
];

const planted = [...forbiddenImports, ...impurities, ...doors, ...style];

const house = mkdtempSync(join(tmpdir(), 'planted-'));
afterAll(() => rmSync(house, { recursive: true, force: true }));

const reportedFiles = (): ReadonlySet<string> => {
  for (const { file, text } of planted) {
    mkdirSync(dirname(join(house, file)), { recursive: true });
    writeFileSync(join(house, file), text);
  }
  copyFileSync('.oxlintrc.json', join(house, '.oxlintrc.json'));
  symlinkSync(join(process.cwd(), 'node_modules'), join(house, 'node_modules'));
  const answer = spawnSync('node_modules/.bin/oxlint', ['--format', 'json', '--quiet'], { cwd: house, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const report = JSON.parse(answer.stdout) as { readonly diagnostics: readonly { readonly filename: string; readonly severity: string }[] };
  return new Set(report.diagnostics.map((diagnostic) => diagnostic.filename));
};

describe('the lint made from the rooms table', () => {
  it('reports every planted violation', () => {
    const reported = reportedFiles();
    expect(planted.filter(({ file }) => !reported.has(file)).map(({ file }) => file)).toEqual([]);
  });

  it('finds nothing in the house itself', () => {
    execFileSync('node_modules/.bin/oxlint', ['--quiet'], { stdio: 'pipe' });
  });

  it('lets no room import itself or an unknown room, and leaves no circle in the table', () => {
    const names = new Set(ROOMS.map((room) => room.name));
    for (const room of ROOMS) for (const other of room.imports) expect(names.has(other) && other !== room.name, `${room.name} -> ${other}`).toBe(true);
    const floor = new Map<string, number>();
    const floorOf = (name: string, above: readonly string[]): number => {
      if (above.includes(name)) throw new Error(`circle: ${[...above, name].join(' -> ')}`);
      if (!floor.has(name)) floor.set(name, 1 + Math.max(0, ...ROOMS.find((room) => room.name === name)!.imports.map((other) => floorOf(other, [...above, name]))));
      return floor.get(name)!;
    };
    for (const room of ROOMS) floorOf(room.name, []);
  });
});
