import { secretNameStrength } from './secrets-names.ts';
import { secretValuesOfText } from './secrets-known.ts';
import { isPlaceholder } from './secrets-values.ts';
import type { Redactor } from './secrets.ts';

export type RedactedArguments = {
  /** The arguments with every secret replaced by ***. */
  readonly argv: readonly string[];
  /** How many secrets were replaced. */
  readonly count: number;
  /** The secrets that were found, to be masked elsewhere too; never to be recorded. */
  readonly secrets: readonly string[];
};

/** Short options that carry a password, by program. Elsewhere -p is a port, a path or a number. */
const SHORT: Readonly<Record<string, RegExp>> = {
  mysql: /^-p(?<value>.+)$/s,
  mysqldump: /^-p(?<value>.+)$/s,
  mysqladmin: /^-p(?<value>.+)$/s,
  mariadb: /^-p(?<value>.+)$/s,
  sshpass: /^-p(?<value>.*)$/s,
  mongo: /^-p(?<value>.*)$/s,
  mongosh: /^-p(?<value>.*)$/s,
  'redis-cli': /^-a(?<value>.*)$/s,
  curl: /^-u(?<value>.*)$/s,
  wget: /^-u(?<value>.*)$/s,
  docker: /^-p(?<value>.*)$/s,
  zip: /^-P(?<value>.*)$/s,
  unzip: /^-P(?<value>.*)$/s,
  '7z': /^-p(?<value>.+)$/s,
};

/** --use-auth-token and the like are switches: what follows is another argument. */
const SWITCH = /^-*(?:use|with|without|no|enable|disable|has|is|allow|require|skip|ask|prompt)[-_]/i;

/** Masks secrets in an argument vector: --token X, --password=X, KEY=VALUE, -pX of mysql, URLs, tokens, known values. Throws nothing. */
export const redactArguments = (argv: readonly string[], redactor: Redactor): RedactedArguments => {
  const secrets = new Set<string>();
  let count = 0;
  const mask = (secret: string): string => {
    count += 1;
    secrets.add(secret);
    return '***';
  };
  const program = programOf(argv);
  const masked = argv.map((argument, index) => {
    if (isValueOf(argv[index - 1], argument, program === undefined ? undefined : SHORT[program])) return mask(argument);
    if (program !== undefined && isShortValue(argv[index - 1], program)) return mask(argument);
    const short = program === undefined ? undefined : SHORT[program]?.exec(argument)?.groups?.['value'];
    if (short !== undefined && short !== '') return argument.slice(0, 2) + mask(short);
    const assigned = /^(?<name>[-+~]{0,2}[A-Za-z_@][\w.\-@/]{0,200})(?<operator>=|:=)(?<value>[\s\S]+)$/.exec(argument)?.groups;
    if (assigned !== undefined && secretNameStrength(assigned['name']!) !== 'none' && !isHarmless(assigned['value']!, assigned['name']!))
      return assigned['name']! + assigned['operator']! + mask(assigned['value']!);
    for (const secret of secretValuesOfText(argument)) secrets.add(secret);
    const redacted = redactor.redact(argument);
    count += redacted.count;
    return redacted.text;
  });
  return { argv: masked, count, secrets: [...secrets].filter((secret) => secret.length >= 6 && !isPlaceholder(secret)) };
};

const isValueOf = (before: string | undefined, argument: string, short: RegExp | undefined): boolean => {
  if (before === undefined || !/^--?[A-Za-z]/.test(before) || before.includes('=') || short?.test(before) === true || argument.startsWith('--')) return false;
  return secretNameStrength(before) !== 'none' && !SWITCH.test(before) && !isHarmless(argument, before);
};

/** Numbers, words and files that a name that is only perhaps a secret has as its value. */
const isHarmless = (value: string, name: string): boolean => {
  if (/^(?:true|false|none|null|\*+)$/i.test(value) || value === '') return true;
  if (secretNameStrength(name) === 'strong') return false;
  return /^-?[0-9.]{1,5}$/.test(value) || /\.(?:py|csv|json|ya?ml|toml|txt|parquet|npy|npz|pt|h5|pkl)$/i.test(value);
};

const programOf = (argv: readonly string[]): string | undefined =>
  argv
    .slice(0, 4)
    .map((word) => word.slice(word.lastIndexOf('/') + 1))
    .find((word) => Object.hasOwn(SHORT, word));

const isShortValue = (before: string | undefined, program: string): boolean => {
  const options: Readonly<Record<string, readonly string[]>> = {
    sshpass: ['-p'],
    mongo: ['-p'],
    mongosh: ['-p'],
    'redis-cli': ['-a'],
    curl: ['-u', '--user', '-U', '--proxy-user'],
    wget: ['-u'],
    docker: ['-p'],
    zip: ['-P'],
    unzip: ['-P'],
  };
  return before !== undefined && (options[program]?.includes(before) ?? false);
};
