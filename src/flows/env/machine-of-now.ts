import { secretValuesOf } from '#base';
import { probeMachine, type ProbedMachine } from '#capture';

type Where = { readonly env: Readonly<Record<string, string | undefined>>; readonly projectRoot: string };

/** Asks the machine what the recorder asks; names of machines and persons are pseudonyms that nobody keeps. */
export const machineOfNow = ({ env, projectRoot }: Where): Promise<Pick<ProbedMachine, 'environment' | 'gaps'>> =>
  probeMachine({ projectRoot, env, knownSecrets: secretValuesOf(env), pseudonymKey: new Uint8Array(32), pseudonym: true });
