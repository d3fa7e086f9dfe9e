import { escapeControl, EXIT, TrainlockError } from '#base';
import { endKey } from '#flows/revoke-key';
import type { CommandHandler } from '../command.ts';
import { keyData } from '../key-text.ts';
import { momentFlag } from '../moment-flag.ts';

/** Marks a key of this user as one that must not be used any more. */
export const handle: CommandHandler = async (input, context) => {
  const name = input.positionals[0]!;
  const { why } = input.flags;
  if (typeof why !== 'string' || why.trim() === '')
    throw new TrainlockError('TL0001', 'keys revoke needs --why: whoever finds the key later must be able to tell a loss from a tidying up', {
      fix: "trainlock keys revoke NAME --why 'laptop lost'",
    });
  const compromisedSince = momentFlag(input.flags['compromised-since'], 'compromised-since');
  const { kind, key } = await endKey({
    env: context.env,
    name,
    why,
    removePrivateKey: input.flags['remove-private-key'] === true,
    ...(compromisedSince === undefined ? {} : { compromisedSince }),
  });
  const { revoked } = key;
  const since = revoked?.compromisedSince === undefined ? '' : `; others may have used it since ${revoked.compromisedSince}`;
  const next = `trainlock trust revoke ${key.keyId.slice(0, 16)} --why ${"'…'"}`;
  return {
    exit: EXIT.yes,
    text: [
      kind === 'revoked'
        ? `the key ${key.name} is revoked and signs no more${since}`
        : `the key ${key.name} was revoked already on ${revoked?.at}: ${escapeControl(revoked?.reason ?? '')}${since}; that stands`,
      ...(key.hasPrivateKey ? [] : ['its private half is not here any more; copies and backups may still hold it']),
      `only this user on this machine knows: where a trust file names the key, tell everybody with ${next}`,
    ].join('\n'),
    data: { already: kind === 'already-revoked', key: keyData(key) },
    next: [...(key.purpose === 'statements' && key.replacedBy === undefined ? [`trainlock keys rotate ${key.name}`] : []), next],
  };
};
