import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import type { ConfigurationFile, FilePlan, HashedFile } from '#assembly';
import { fromUtf8, isSecretFile, type JsonValue, readJson } from '#base';
import { readBounded } from '#files';

/** Larger files are data, not configuration. Unit: byte. */
const MOST_BYTES = 256 * 1024;
const MOST_FILES = 100;

/** Configuration files that the run read, parsed, so that their settings become parameters. What cannot be parsed is left out. */
export const readConfigurationFiles = async (plan: FilePlan, hashed: ReadonlyMap<string, HashedFile>, nameOf: (path: string) => string): Promise<readonly ConfigurationFile[]> => {
  const candidates = plan.inputs.flatMap((file) => {
    const kind = kindOf(file.path);
    const size = hashed.get(file.path)?.sizeBytes;
    return kind === undefined || size === undefined || size > MOST_BYTES || isSecretFile(file.path) ? [] : [{ path: file.path, kind }];
  });
  const files = await Promise.all(
    candidates
      .slice(0, MOST_FILES)
      .map(async ({ path, kind }) => ({ name: nameOf(path), kind, value: parse(await readBounded(path, MOST_BYTES).catch(() => new Uint8Array()), kind) })),
  );
  return files.flatMap((file) => (isSettings(file.value) ? [{ name: file.name, kind: file.kind, value: file.value }] : []));
};

const kindOf = (path: string): ConfigurationFile['kind'] | undefined => {
  if (/\.ya?ml$/i.test(path)) return 'yaml';
  if (/\.json$/i.test(path)) return 'json';
  return /\.toml$/i.test(path) ? 'toml' : undefined;
};

/** The bytes are hostile; each parser is bounded by size and knows no references, code or custom types. */
const parse = (bytes: Uint8Array, kind: ConfigurationFile['kind']): JsonValue | undefined => {
  const text = fromUtf8(bytes);
  if (text === undefined || text === '') return undefined;
  try {
    if (kind === 'yaml') return parseYaml(text, { version: '1.2', schema: 'core', maxAliasCount: 10, logLevel: 'silent' }) as JsonValue;
    if (kind === 'toml') return JSON.parse(JSON.stringify(parseToml(text))) as JsonValue;
  } catch {
    return undefined;
  }
  const reading = readJson(bytes);
  return reading.kind === 'accepted' ? reading.value : undefined;
};

/** Settings are a named structure of modest size; a list of a thousand rows is data. */
const isSettings = (value: JsonValue | undefined): value is JsonValue => typeof value === 'object' && value !== null && !Array.isArray(value) && leaves(value) <= 2000;

const leaves = (value: JsonValue): number =>
  typeof value === 'object' && value !== null ? Object.values(value as Record<string, JsonValue>).reduce((sum: number, item) => sum + leaves(item), 0) : 1;
