/** Bundles the command line: one entry, and a chunk per command that loads when the command is used. */
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { defineConfig } from 'rolldown';

const OUT = 'dist/bin';

/** The folder of the package of npm that a module belongs to; undefined for one of ours. */
const packageOf = (module) => /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(module)?.[1];

/** A package, and its licences and notices as it came. */
const noticeOf = (folder) => {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file) && !/\.(js|ts)$/.test(file));
  const texts = files.map((file) => readFileSync(`${folder}/${file}`, 'utf8').trim());
  return { title: `${name} ${version} (${license})`, text: texts.join('\n\n') || `The package has no text of this licence: https://spdx.org/licenses/${license}.html` };
};

/** The licences of everything that is bundled lie beside it, because they demand it; each text once. */
const writeNotices = (modules) => {
  const folders = [...new Set(modules.map(packageOf).filter((folder) => folder !== undefined && existsSync(`${folder}/package.json`)))];
  const titles = new Map();
  for (const { title, text } of folders.map(noticeOf).sort((a, b) => (a.title < b.title ? -1 : 1))) titles.set(text, [...(titles.get(text) ?? []), title]);
  const parts = [...titles].map(([text, packages]) => `${[...new Set(packages)].join('\n')}\n\n${text}`);
  writeFileSync(`${OUT}/THIRD-PARTY-NOTICES.txt`, `${['The command line of trainlock contains code of these packages.', ...parts].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
};

export default defineConfig({
  input: { trainlock: 'src/cli/main.ts', 'hash-worker': 'src/files/hash-worker.ts', 'row-worker': 'src/content/tables/row-worker.ts' },
  platform: 'node',
  // These hold machine code or WebAssembly that they look for beside themselves: they are loaded from their packages when they are needed.
  external: [/^@duckdb\//, /^h5wasm/, /^node-sqlite3-wasm/],
  // No module of ours does anything when it is imported, so what a command does not use is not loaded with it.
  treeshake: { moduleSideEffects: [{ test: /[\\/]src[\\/]/, sideEffects: false }] },
  resolve: { conditionNames: ['trainlock-source', 'node'] },
  output: {
    dir: OUT,
    format: 'esm',
    entryFileNames: '[name].mjs',
    // All files lie in one folder, so that a path relative to import.meta.url is the same in every chunk; no hashes: two builds are equal.
    chunkFileNames: '[name].mjs',
    // What every command needs lies in one file: each file more costs a millisecond.
    codeSplitting: {
      groups: [
        { name: 'quick-answer', test: /[\\/]src[\\/]cli[\\/]quick-answer\.ts$/, priority: 2 },
        { name: 'start', test: /[\\/]src[\\/](cli[\\/](run-command-line|error-of|render-error)\.ts$|files[\\/]read-bounded\.ts$|base[\\/])/, priority: 1 },
        { name: 'manifest', test: /[\\/]src[\\/]manifest[\\/]/ },
        { name: 'report', test: /[\\/]src[\\/]report[\\/]/ },
        // What every question about data needs.
        {
          name: 'data',
          test: /[\\/]src[\\/](flows[\\/](declared-data|data[\\/](find-data|data-set|erasure-notes|entries-of|known-columns))|content[\\/]tables[\\/]table-source|snapshot[\\/](pair-tables|path-pattern|compare-files|departures|find-renames|ordered-value))\.ts$/,
        },
      ],
    },
    sourcemap: false,
    minify: { mangle: false, compress: false, codegen: { removeWhitespace: true } },
  },
  plugins: [
    {
      name: 'clean-notice-and-mark-executable',
      renderStart: () => rmSync(OUT, { recursive: true, force: true }),
      writeBundle: (_, bundle) => {
        writeNotices(Object.values(bundle).flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : [])));
        chmodSync(`${OUT}/trainlock.mjs`, 0o755);
      },
    },
  ],
});
