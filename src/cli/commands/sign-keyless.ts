import { relative } from 'node:path';
import { escapeControl, EXIT, shellWord, TrainlockError } from '#base';
import type { Project } from '#flows/load-project';
import { type KeylessRun, type KeylessServices, signRunsKeyless } from '#flows/sign-runs-keyless';
import type { CommandContext, CommandHandler } from '../command.ts';
import { recordsSignedText } from '../records-signed-text.ts';

type Input = Parameters<CommandHandler>[0];

/** Signs records with the identity of this job. */
export const signWithIdentity = async (input: Input, context: CommandContext, project: Project): ReturnType<CommandHandler> => {
  const dryRun = input.flags['dry-run'] === true;
  const { runs, leftOut, logged } = await signRunsKeyless({
    projectRoot: project.projectRoot,
    storeFolder: project.storeFolder,
    workingDirectory: context.workingDirectory,
    env: context.env,
    settings: project.settings,
    references: input.positionals,
    services: servicesOf(input.flags),
    dryRun,
  });
  return {
    exit: leftOut.length > 0 ? EXIT.no : EXIT.yes,
    text: recordsSignedText({
      runs,
      leftOut,
      isDryRun: dryRun,
      lines: runs.map((run) => lineOf(run, context.workingDirectory)),
      ...(logged === undefined ? {} : { logged }),
    }).join('\n'),
    data: { runs, leftOut, dryRun, logged: logged ?? null },
    next: runs.length === 0 || dryRun ? [] : [`trainlock verify ${runs[0]!.id.slice(0, 8)} --trusted-root ${shellWord(String(input.flags['trusted-root']))}`],
  };
};

const lineOf = ({ id, signed }: KeylessRun, workingDirectory: string): string =>
  signed === undefined
    ? id.slice(0, 8)
    : escapeControl(`signed ${id.slice(0, 8)} as ${signed.identity.subject} (vouched for by ${signed.identity.issuer}): ${relative(workingDirectory, signed.bundlePath)}`);

/** No address has a default: what is sent to a service of others is for a person to decide. */
const servicesOf = (flags: Input['flags']): KeylessServices => {
  if (flags['key'] !== undefined || flags['also'] !== undefined || flags['time'] !== undefined) {
    throw new TrainlockError('TL0001', '--keyless does not go with --key, --also and --time', { fix: 'name time authorities with --timestamp-url' });
  }
  const [rekorUrl, identityIssuer, trustedRoot] = [flags['rekor-url'], flags['identity-issuer'], flags['trusted-root']];
  if (typeof trustedRoot !== 'string') throw new TrainlockError('TL0001', '--keyless needs the trusted root of its services', { fix: '--trusted-root FILE' });
  return {
    fulcioUrl: urlOf('fulcio-url', flags['fulcio-url']),
    ...(rekorUrl === undefined ? {} : { rekorUrl: urlOf('rekor-url', rekorUrl) }),
    timestampUrls: (Array.isArray(flags['timestamp-url']) ? (flags['timestamp-url'] as readonly string[]) : [undefined]).map((url) => urlOf('timestamp-url', url)),
    trustedRoot,
    ...(typeof identityIssuer === 'string' ? { identityIssuer } : {}),
  };
};

const urlOf = (flag: string, value: Input['flags'][string]): string => {
  if (typeof value === 'string' && /^https?:\/\/[^\s]+$/.test(value)) return value;
  throw new TrainlockError('TL0001', value === undefined ? `--keyless needs --${flag}` : `--${flag} ${String(value)} is not an address`, {
    fix: `--${flag} https://sigstore.example.com`,
  });
};
