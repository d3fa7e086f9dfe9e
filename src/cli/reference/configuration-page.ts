import { SETTING_ROWS, type SettingRow } from '#config';
import { code, NOTICE, page, table } from './markdown.ts';

/** The part of JSON Schema that schema/config uses. */
export type ConfigSchema = {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, ConfigSchema>>;
  readonly items?: ConfigSchema;
  readonly additionalProperties?: boolean | ConfigSchema;
};

/** docs/reference/configuration.md, from schema/config. */
export const configurationPage = (schema: ConfigSchema): string =>
  page(
    NOTICE,
    '# Configuration',
    `${schema.description ?? ''} It stands in \`trainlock.yaml\` at the root of the project, or below \`[tool.trainlock]\` in \`pyproject.toml\`; both in one folder is an error. The project is the nearest folder upwards that has one of them, else the top of the git working tree, else the working folder.`,
    'YAML 1.2 core, without anchors, aliases, tags and duplicate keys; at most 1 MiB. A number that is a bound or a tolerance is kept exactly as it is written.',
    '## Where a setting comes from',
    'The first that says something wins: flag, environment variable, project, user (`$XDG_CONFIG_HOME/trainlock/config.yaml`, by default `~/.config/trainlock/config.yaml`), default. An empty variable says nothing. `trainlock config show` tells where each value came from.',
    table(['Setting', 'Flag', 'Variable', 'Default'], SETTING_ROWS.map(settingRow)),
    "The user's file may hold settings only; data, metrics, model and the like belong to the project.",
    '## Keys',
    table(['Key', 'Value', 'Meaning', 'Example'], rowsOf(schema, '')),
  );

const settingRow = (row: SettingRow): readonly string[] => [
  code(row.at.join('.')),
  row.flag === undefined ? '' : code(`--${row.flag}`),
  row.variable === undefined ? '' : code(row.variable),
  code(typeof row.default === 'string' ? row.default : JSON.stringify(row.default)),
];

const rowsOf = (schema: ConfigSchema, path: string): readonly (readonly string[])[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const place = path === '' ? name : `${path}.${name}`;
    const required = schema.required?.includes(name) === true ? ' Required.' : '';
    return [[code(place), valueOf(property), `${property.description ?? ''}${required}`, exampleOf(property)], ...below(property, place)];
  });

const below = (property: ConfigSchema, place: string): readonly (readonly string[])[] => {
  const { items, additionalProperties } = property;
  return [
    ...rowsOf(property, place),
    ...(items?.properties === undefined ? [] : rowsOf(items, `${place}[]`)),
    ...(typeof additionalProperties === 'object' && additionalProperties.properties !== undefined ? rowsOf(additionalProperties, `${place}.NAME`) : []),
  ];
};

const valueOf = (schema: ConfigSchema): string => {
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum !== undefined) return schema.enum.map((value) => code(String(value))).join(', ');
  if (schema.type === 'array') return `list of ${schema.items?.properties === undefined ? 'text' : 'entries'}`;
  if (schema.type === 'object') return typeof schema.additionalProperties === 'object' ? 'entries by name' : 'keys below';
  const words: Readonly<Record<string, string>> = { string: 'text', integer: 'whole number', boolean: 'true or false' };
  return typeof schema.type === 'string' ? (words[schema.type] ?? schema.type) : 'number';
};

const exampleOf = ({ examples }: ConfigSchema): string => {
  const example: unknown = examples?.[0];
  if (typeof example === 'string') return code(example);
  return typeof example === 'number' || typeof example === 'boolean' ? code(String(example)) : '';
};
