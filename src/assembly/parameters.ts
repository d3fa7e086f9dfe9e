import type { Parameter } from '#manifest';
import { isSecretName, type JsonValue, type Redactor } from '#base';
import { eventsOf, type ProcessEvents } from './read-events.ts';
import { cutText } from './read-events.ts';

/** A configuration file that the run read, parsed; name is its path name. */
export type ConfigurationFile = { readonly name: string; readonly kind: 'yaml' | 'json' | 'toml'; readonly value: JsonValue };

const MOST = 20_000;
const MASK = '***';

/** Settings from parsed arguments, from the trainlock module and from configuration files, secrets masked. */
export const parameters = (
  logs: readonly ProcessEvents[],
  command: readonly string[],
  files: readonly ConfigurationFile[],
  redactor: Redactor,
): { readonly parameters: readonly Parameter[]; readonly maskings: number } => {
  const found = [...parsed(logs), ...overrides(command, files), ...declared(logs), ...files.flatMap(fromFile)].slice(0, MOST).map((parameter) => masked(parameter, redactor));
  return { parameters: found, maskings: found.filter((parameter) => parameter.masked).length };
};

const parsed = (logs: readonly ProcessEvents[]): readonly Parameter[] => {
  const seen = new Set<string>();
  return logs
    .flatMap((log) => eventsOf(log.events, 'parameters'))
    .flatMap((event) =>
      event.entries.flatMap((entry) => {
        const key = JSON.stringify([event.source, entry.name, entry.value]);
        if (seen.has(key)) return [];
        seen.add(key);
        return [
          { name: entry.name, value: entry.value, type: entry.type, source: event.source, ...(entry.isDefault === undefined ? {} : { isDefault: entry.isDefault }), masked: false },
        ];
      }),
    );
};

/** Words such as lr=0.2 that name a setting of a configuration file which the run read, as Hydra and OmegaConf take them. */
const overrides = (command: readonly string[], files: readonly ConfigurationFile[]): readonly Parameter[] => {
  const known = new Set(files.flatMap(fromFile).map((parameter) => parameter.name));
  return command.slice(1).flatMap((word) => {
    const match = /^\+{0,2}([A-Za-z_][\w.@/-]*)=(.*)$/s.exec(word);
    return match === null || !known.has(match[1]!) ? [] : [{ name: match[1]!, value: match[2]!, type: typeOfWord(match[2]!), source: 'hydra' as const, masked: false }];
  });
};

const typeOfWord = (text: string): Parameter['type'] =>
  /^[+-]?\d+$/.test(text) ? 'int' : /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? 'float' : /^(true|false)$/i.test(text) ? 'bool' : text === 'null' ? 'null' : 'text';

const declared = (logs: readonly ProcessEvents[]): readonly Parameter[] =>
  logs
    .flatMap((log) => eventsOf(log.events, 'declare'))
    .filter((event) => event.what === 'parameter')
    .map((event) => ({ name: event.name, value: event.value ?? '', type: typeOfText(event.type), source: 'api' as const, masked: false }));

const typeOfText = (type: string | undefined): Parameter['type'] =>
  type === 'int' || type === 'float' || type === 'bool' || type === 'null' || type === 'list' || type === 'text' ? type : 'other';

const fromFile = (file: ConfigurationFile): readonly Parameter[] =>
  flatten(file.value, '').map(({ name, value, type }) => ({ name, value, type, source: file.kind, file: file.name, masked: false }));

type Leaf = { readonly name: string; readonly value: string; readonly type: Parameter['type'] };

const flatten = (value: JsonValue, name: string): readonly Leaf[] => {
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null)) return [{ name, value: JSON.stringify(value), type: 'list' }];
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([key, item]) => flatten(item as JsonValue, name === '' ? key : `${name}.${key}`));
  return [{ name: name === '' ? '(whole file)' : name, value: value === null ? 'null' : String(value), type: typeOf(value as null | boolean | number | string) }];
};

const typeOf = (value: null | boolean | number | string): Parameter['type'] => {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return 'text';
};

const masked = (parameter: Parameter, redactor: Redactor): Parameter => {
  const leaf = parameter.name.split('.').at(-1)!;
  const secret =
    isSecretName(leaf) && parameter.value !== 'null' && parameter.value !== 'None' && parameter.type !== 'bool' && parameter.type !== 'int' && parameter.type !== 'float';
  if (secret || parameter.value === MASK) return { ...parameter, value: MASK, masked: true };
  const redacted = redactor.redact(parameter.value);
  const name = cutText(redactor.redact(parameter.name).text, 1000);
  return redacted.count > 0 ? { ...parameter, name, value: redacted.text, masked: true } : { ...parameter, name, value: cutText(parameter.value, 60_000) };
};
