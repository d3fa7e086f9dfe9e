import type { Environment } from '#manifest';
import { mappedText, type PathMap } from './recorded-paths.ts';

export type EnvironmentOptions = {
  readonly current: Readonly<Record<string, string | undefined>>;
  /** Names whose value of now is taken, because a person said so. */
  readonly fromCurrent: readonly string[];
  /** The commitment to a value under this machine's key; undefined if there is no key. */
  readonly commit?: (name: string, value: string) => string;
  readonly map: PathMap;
};

export type RestoredEnvironment = {
  readonly env: Readonly<Record<string, string>>;
  /** Variables whose recorded value cannot be given again, with what to do. */
  readonly missing: readonly { readonly name: string; readonly because: string; readonly read: boolean }[];
};

/** Needed by every program and no setting of the training; taken from now where the record shows no value. */
const OF_THE_MACHINE = [
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TERM',
  'HOSTNAME',
  'PWD',
  'OLDPWD',
  'SHLVL',
  '_',
  'TMPDIR',
  'XDG_RUNTIME_DIR',
  'SSH_AUTH_SOCK',
  'DISPLAY',
  'LS_COLORS',
  'MAIL',
  'LESSOPEN',
  'LESSCLOSE',
];

/**
 * The environment of the recorded run: values as recorded; those of which only a commitment is recorded from now, if the value of
 * now fits the commitment. Masked ones never, unless a person names them. Variables of now that were not there then are left out.
 */
export const restoreEnvironment = (variables: Environment['variables'], options: EnvironmentOptions): RestoredEnvironment => {
  const env: Record<string, string> = {};
  const missing: { name: string; because: string; read: boolean }[] = [];
  for (const variable of variables) {
    const { name } = variable;
    const now = options.current[name];
    const lack = (because: string): void => void missing.push({ name, because, read: variable.read === true });
    if (options.fromCurrent.includes(name)) {
      if (now === undefined) lack('it is not set now');
      else env[name] = now;
    } else if (variable.shown === 'value' && variable.value !== undefined) env[name] = mappedText(variable.value, options.map);
    else if (variable.shown === 'masked') lack('it looked like a secret and was not recorded');
    else if (now !== undefined && variable.commitment !== undefined && options.commit?.(name, now) === variable.commitment) env[name] = now;
    else if (OF_THE_MACHINE.includes(name) && now !== undefined) env[name] = now;
    else lack(now === undefined ? 'its value was not recorded, and it is not set now' : 'its value was not recorded, and the one of now is another');
  }
  for (const name of options.fromCurrent) if (env[name] === undefined && options.current[name] !== undefined) env[name] = options.current[name]!;
  return { env, missing };
};
