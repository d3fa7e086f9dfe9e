import { escapeControl, TrainlockError } from '#base';
import type { ChangeRequest } from '#flows/change-trust';
import { statementTypeOf } from '#flows/show-trust';
import type { CommandHandler, ParsedInput } from '../command.ts';
import { momentFlag } from '../moment-flag.ts';
import { changed, listFlag, roleOf } from '../trust-place.ts';

/** Makes signatures of somebody count. */
export const handle: CommandHandler = (input, context) => changed(input, context, changeOf(input));

const usage = (message: string): TrainlockError => new TrainlockError('TL0001', message, { fix: 'trainlock help trust add' });

const changeOf = (input: ParsedInput): ChangeRequest => {
  const { authority, url, log, witness } = input.flags;
  const [name] = input.positionals;
  const isSigner = listFlag(input.flags['public-key']).length + listFlag(input.flags['identity']).length > 0;
  const kinds = [authority, log, witness].filter((flag) => flag !== undefined).length + (isSigner ? 1 : 0);
  if (kinds > 1) throw usage('one thing is added at a time: a signer, a time authority, a log or a witness');
  if (typeof url === 'string' && authority === undefined) throw usage('--url belongs to --authority');
  const named = name === undefined ? {} : { name };
  if (typeof log === 'string') return { kind: 'add-log', key: log, ...named };
  if (typeof witness === 'string') return { kind: 'add-witness', key: witness, ...named };
  if (name === undefined) throw usage('trust add needs NAME: what the trust file calls it');
  if (typeof authority === 'string') return { kind: 'add-authority', name, file: authority, ...(typeof url === 'string' ? { url } : {}) };
  return signerOf(input, name);
};

const signerOf = (input: ParsedInput, name: string): ChangeRequest => {
  const { kind, person } = input.flags;
  const [roles, types, environments] = ['role', 'type', 'environment'].map((flag) => listFlag(input.flags[flag])) as [readonly string[], readonly string[], readonly string[]];
  const keyFiles = listFlag(input.flags['public-key']);
  const identities = listFlag(input.flags['identity']).map(identityOf);
  const [validFrom, validUntil] = [momentFlag(input.flags['valid-from'], 'valid-from'), momentFlag(input.flags['valid-until'], 'valid-until')];
  const changes = [kind, person].filter((flag) => flag !== undefined).length + roles.length + types.length + environments.length;
  if (keyFiles.length + identities.length + changes === 0 && (validFrom ?? validUntil) === undefined)
    throw usage(`nothing is said of ${escapeControl(name)}: --public-key FILE, or --identity 'ISSUER SUBJECT'`);
  return {
    kind: 'add-signer',
    name,
    keyFiles,
    identities,
    bounds: { ...(validFrom === undefined ? {} : { validFrom }), ...(validUntil === undefined ? {} : { validUntil }) },
    may: {
      ...(kind === 'person' || kind === 'machine' || kind === 'service' ? { kind } : {}),
      ...(typeof person === 'string' ? { person } : {}),
      ...(roles.length === 0 ? {} : { roles: roles.map(roleOf) }),
      ...(types.length === 0 ? {} : { statementTypes: types.map(statementTypeOf) }),
      ...(environments.length === 0 ? {} : { environments }),
    },
  };
};

const identityOf = (text: string): { readonly issuer: string; readonly subject: string } => {
  const [issuer, subject, ...more] = text.trim().split(/\s+/);
  if (issuer === undefined || subject === undefined || more.length > 0)
    throw new TrainlockError('TL0001', '--identity takes an issuer and a subject, as one word with a space between them', {
      fix: "--identity 'https://token.actions.githubusercontent.com https://github.com/example/train/.github/workflows/train.yml@refs/heads/main'",
    });
  return { issuer, subject };
};
