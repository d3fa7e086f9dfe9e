import { pathToFileURL } from 'node:url';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import type { Schema } from './schema.js';

type ReferencePages = (configSchema: Schema) => Readonly<Record<string, string>>;

/**
 * The reference pages, made from the sources of the command line: they are bundled on the fly, because pages must not lag behind a
 * build. Handlers of commands are left out; only the table that names them is read. Everything else must be generated before.
 */
export const referencePagesOf = async (configSchema: Schema): Promise<Readonly<Record<string, string>>> => {
  const bundle = await rolldown({
    input: 'src/cli/reference/reference-pages.ts',
    platform: 'node',
    external: (id) => id.startsWith('./commands/'),
    resolve: { conditionNames: ['trainlock-source', 'node', 'import', 'default'] },
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
  await bundle.close();
  const folder = mkdtempSync(join(tmpdir(), 'trainlock-reference-'));
  try {
    const file = join(folder, 'pages.mjs');
    writeFileSync(file, output[0].code);
    const { referencePages } = (await import(pathToFileURL(file).href)) as { referencePages: ReferencePages };
    return referencePages(configSchema);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
