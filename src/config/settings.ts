import { accepted, escapeControl, nearest, type Problem, type Reading, rejected } from '#base';
import type { Config } from './read-config.ts';

/** Where a value came from. The order of the list is the order of precedence: the first that says something wins. */
export type Origin =
  | { readonly kind: 'flag'; readonly name: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'project'; readonly file: string }
  | { readonly kind: 'user'; readonly file: string }
  | { readonly kind: 'default' };

export type Setting<T> = { readonly value: T; readonly origin: Origin };

/** Every setting with its value and its origin. What people declare about data, metrics and model is not a setting. */
export type Settings = {
  /** Folder of the records, relative to the project or absolute. */
  readonly store: Setting<string>;
  readonly entropy: Setting<'own' | 'observe'>;
  readonly logs: Setting<'auto' | 'off' | 'tee'>;
  readonly hash: Setting<'now' | 'defer'>;
  readonly trace: Setting<'auto' | 'hooks'>;
  readonly deterministic: Setting<boolean>;
  /** Version of the schema in which records are written. */
  readonly schema: Setting<'v0' | 'v1'>;
  readonly requireRecord: Setting<boolean>;
  /** Whether a run is started only if the policy allows it. */
  readonly enforce: Setting<boolean>;
  /** Globs of files that are neither input nor output. */
  readonly ignore: Setting<readonly string[]>;
  /** Unit: byte. */
  readonly maxSourceBytes: Setting<number>;
  /** Unit: byte. */
  readonly maxSourceFileBytes: Setting<number>;
  /** Names or globs of environment variables recorded by value. */
  readonly allow: Setting<readonly string[]>;
  /** Names or globs of environment variables that are always masked. */
  readonly mask: Setting<readonly string[]>;
  /** Hosts that a replay may reach. */
  readonly network: Setting<readonly string[]>;
  readonly acceptMetricEqual: Setting<boolean>;
  readonly pseudonym: Setting<boolean>;
  /** Whether finished records are signed without being asked. */
  readonly signing: Setting<'auto' | 'off'>;
  /** Name, path or reference of the key that signs. */
  readonly key: Setting<string>;
  /** Addresses of time authorities; without one nothing leaves the machine. */
  readonly timeAuthorities: Setting<readonly string[]>;
  /** Further statements that are signed with every record. */
  readonly alsoSign: Setting<readonly ('slsa-provenance' | 'test-result' | 'model-signing')[]>;
  /** Whether signed records are entered in the log of this machine. */
  readonly log: Setting<'auto' | 'off'>;
  /** How long records must be kept. Unit: day after the start of the run; 0: no rule. */
  readonly recordDays: Setting<number>;
};

export type SettingName = keyof Settings;

type Value = string | number | boolean | readonly string[];

export type SettingRow = {
  readonly name: SettingName;
  /** Keys in trainlock.yaml. */
  readonly at: readonly [string] | readonly [string, string];
  /** Name of the flag, without dashes. */
  readonly flag?: string;
  readonly variable?: string;
  readonly kind: 'text' | 'boolean' | 'count' | 'list' | readonly string[];
  readonly default: Value;
};

/** Every setting: where it can be said, and what holds when nobody says it. Defaults of recording: schema/config. */
export const SETTING_ROWS: readonly SettingRow[] = [
  { name: 'store', at: ['store'], flag: 'store', variable: 'TRAINLOCK_STORE', kind: 'text', default: '.trainlock' },
  { name: 'entropy', at: ['run', 'entropy'], flag: 'entropy', variable: 'TRAINLOCK_ENTROPY', kind: ['own', 'observe'], default: 'own' },
  { name: 'logs', at: ['run', 'logs'], flag: 'logs', variable: 'TRAINLOCK_LOGS', kind: ['auto', 'off', 'tee'], default: 'auto' },
  { name: 'hash', at: ['run', 'hash'], flag: 'hash', variable: 'TRAINLOCK_HASH', kind: ['now', 'defer'], default: 'now' },
  { name: 'trace', at: ['run', 'trace'], flag: 'trace', variable: 'TRAINLOCK_TRACE', kind: ['auto', 'hooks'], default: 'auto' },
  { name: 'deterministic', at: ['run', 'deterministic'], flag: 'deterministic', variable: 'TRAINLOCK_DETERMINISTIC', kind: 'boolean', default: false },
  { name: 'schema', at: ['run', 'schema'], variable: 'TRAINLOCK_SCHEMA', kind: ['v0', 'v1'], default: 'v1' },
  { name: 'requireRecord', at: ['run', 'requireRecord'], flag: 'require-record', variable: 'TRAINLOCK_REQUIRE_RECORD', kind: 'boolean', default: false },
  { name: 'enforce', at: ['run', 'enforce'], flag: 'enforce', variable: 'TRAINLOCK_ENFORCE', kind: 'boolean', default: false },
  { name: 'ignore', at: ['run', 'ignore'], kind: 'list', default: [] },
  { name: 'maxSourceBytes', at: ['run', 'maxSourceBytes'], kind: 'count', default: 64 * 1024 * 1024 },
  { name: 'maxSourceFileBytes', at: ['run', 'maxSourceFileBytes'], kind: 'count', default: 4 * 1024 * 1024 },
  { name: 'allow', at: ['environment', 'allow'], kind: 'list', default: [] },
  { name: 'mask', at: ['environment', 'mask'], kind: 'list', default: [] },
  { name: 'network', at: ['replay', 'network'], flag: 'network', kind: 'list', default: [] },
  { name: 'acceptMetricEqual', at: ['replay', 'acceptMetricEqual'], kind: 'boolean', default: false },
  { name: 'pseudonym', at: ['participant', 'pseudonym'], variable: 'TRAINLOCK_PSEUDONYM', kind: 'boolean', default: false },
  { name: 'signing', at: ['signing', 'mode'], variable: 'TRAINLOCK_SIGN', kind: ['auto', 'off'], default: 'auto' },
  { name: 'key', at: ['signing', 'key'], variable: 'TRAINLOCK_KEY', kind: 'text', default: 'default' },
  { name: 'timeAuthorities', at: ['signing', 'timeAuthorities'], kind: 'list', default: [] },
  { name: 'alsoSign', at: ['signing', 'also'], kind: 'list', default: [] },
  { name: 'log', at: ['signing', 'log'], variable: 'TRAINLOCK_LOG', kind: ['auto', 'off'], default: 'auto' },
  { name: 'recordDays', at: ['retention', 'recordDays'], kind: 'count', default: 0 },
];

/** Keys that a user's own configuration may have: it sets how trainlock works, it declares nothing about a project. */
export const USER_KEYS: ReadonlySet<string> = new Set(['version', ...SETTING_ROWS.map((row) => row.at[0])]);

export type SettingSources = {
  /** Flags by name as the command line gave them. */
  readonly flags: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  /** Environment variables; an empty one says nothing. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly project?: { readonly file: string; readonly config: Config };
  readonly user?: { readonly file: string; readonly config: Config };
};

/** Each setting from the first place that says it: flag, variable, project, user, default. Wrong variables are all told. */
export const resolveSettings = (sources: SettingSources): Reading<Settings> => {
  const problems: Problem[] = [];
  const settings = SETTING_ROWS.map((row) => [row.name, settingOf(row, sources, problems)] as const);
  return problems.length > 0 ? rejected(...problems) : accepted(Object.fromEntries(settings) as unknown as Settings);
};

const settingOf = (row: SettingRow, sources: SettingSources, problems: Problem[]): Setting<Value> => {
  const flag = row.flag === undefined ? undefined : sources.flags[row.flag];
  if (flag !== undefined) return { value: flag, origin: { kind: 'flag', name: `--${row.flag}` } };
  const text = row.variable === undefined ? undefined : sources.env[row.variable];
  if (row.variable !== undefined && text !== undefined && text !== '') {
    const value = fromText(row, text);
    if (value === undefined) problems.push(wrongVariable(row, row.variable, text));
    else return { value, origin: { kind: 'variable', name: row.variable } };
  }
  for (const kind of ['project', 'user'] as const) {
    const source = sources[kind];
    const value = source === undefined ? undefined : declared(source.config, row.at);
    if (source !== undefined && value !== undefined) return { value, origin: { kind, file: source.file } };
  }
  return { value: row.default, origin: { kind: 'default' } };
};

const declared = (config: Config, [outer, inner]: SettingRow['at']): Value | undefined => {
  const value = (config as Readonly<Record<string, unknown>>)[outer];
  if (inner === undefined || value === undefined) return value as Value | undefined;
  return (value as Readonly<Record<string, Value>>)[inner];
};

const TRUTH: Readonly<Record<string, boolean>> = { '1': true, true: true, yes: true, on: true, '0': false, false: false, no: false, off: false };

const fromText = (row: SettingRow, text: string): Value | undefined => {
  if (row.kind === 'boolean') return Object.hasOwn(TRUTH, text.toLowerCase()) ? TRUTH[text.toLowerCase()] : undefined;
  if (Array.isArray(row.kind)) return row.kind.includes(text) ? text : undefined;
  return text;
};

const wrongVariable = (row: SettingRow, name: string, text: string): Problem => {
  const known = row.kind === 'boolean' ? ['1', '0'] : (row.kind as readonly string[]);
  const near = nearest(text, known);
  return { pointer: '', message: `${name} is '${escapeControl(text)}', but must be one of ${known.join(', ')}`, ...(near === undefined ? {} : { hint: `did you mean ${near}?` }) };
};
