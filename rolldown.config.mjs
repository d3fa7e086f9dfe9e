/** Bundles the command line: one entry, and a chunk per command that loads when the command is used. */
import { chmodSync, rmSync } from 'node:fs';
import { defineConfig } from 'rolldown';

const OUT = 'dist/bin';

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
      ],
    },
    sourcemap: false,
    minify: { mangle: false, compress: false, codegen: { removeWhitespace: true } },
  },
  plugins: [
    {
      name: 'clean-and-mark-executable',
      renderStart: () => rmSync(OUT, { recursive: true, force: true }),
      writeBundle: () => chmodSync(`${OUT}/trainlock.mjs`, 0o755),
    },
  ],
});
