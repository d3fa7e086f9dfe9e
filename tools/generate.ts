/** Writes every generated file, or with --check tells which ones differ from what they are made from. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { configKeysOf } from './generate-config-keys.js';
import { fieldsOf } from './generate-fields.js';
import { lintConfiguration } from './generate-lint.js';
import { referencePagesOf } from './generate-reference.js';
import { schemaModuleOf } from './generate-schemas.js';
import { typesOf } from './generate-types.js';
import { readSchema } from './schema.js';

const manifest = readSchema('manifest');
const events = readSchema('events');
const config = readSchema('config');

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

const files: Readonly<Record<string, string>> = {
  '.oxlintrc.json': lintConfiguration(),
  'src/base/generated/version.ts': `// Generated from package.json by npm run generate; do not edit.\n\n/** Version of trainlock: of the npm package, the Python wheel and every manifest they write. */\nexport const VERSION = '${version}';\n`,
  'src/manifest/generated/manifest-types.ts': typesOf(manifest, 'Manifest'),
  'src/manifest/generated/manifest-schema.ts': schemaModuleOf(manifest),
  'src/manifest/generated/fields.ts': fieldsOf(manifest),
  'src/assembly/generated/event-types.ts': typesOf(events, 'TraceEvent'),
  'src/assembly/generated/event-schema.ts': schemaModuleOf(events),
  'src/config/generated/config-types.ts': typesOf(config, 'Config'),
  'src/config/generated/config-schema.ts': schemaModuleOf(config),
  'src/config/generated/config-keys.ts': configKeysOf(config),
};

const check = process.argv.includes('--check');

/** Paths that differed; they are written unless it is only a check. */
const bringUpToDate = (generated: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(generated).flatMap(([path, text]) => {
    if (existsSync(path) && readFileSync(path, 'utf8') === text) return [];
    if (!check) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    return [path];
  });

// The pages are made from the sources, so the sources come first.
const stale = [...bringUpToDate(files), ...bringUpToDate(await referencePagesOf(config))];
if (check && stale.length > 0) {
  console.error(`not up to date: ${stale.join(', ')}\nrun: npm run generate`);
  process.exit(1);
}
