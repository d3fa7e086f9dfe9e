import { EXIT, withoutUndefined } from '#base';
import { listUserKeys } from '#flows/list-keys';
import { loadProject } from '#flows/load-project';
import { renderKeys } from '#report';
import type { CommandFinding, CommandHandler } from '../command.ts';
import { keyData } from '../key-text.ts';

/** Lists the keys of this user. */
export const handle: CommandHandler = async (input, context) => {
  const { settings } = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const { folder, entries, signsNow } = await listUserKeys({ env: context.env, settingsKey: settings.key.value });
  const findings = entries.flatMap((entry): readonly CommandFinding[] => {
    if (entry.kind === 'key') return [];
    const message = entry.kind === 'damaged' ? entry.because : 'it is not finished: nothing was signed with it';
    return [{ kind: `key-${entry.kind}`, severity: 'warning', message: `${entry.name}: ${message}`, where: entry.paths.privateKey, remedy: entry.fix }];
  });
  return {
    exit: EXIT.yes,
    text: renderKeys(
      {
        ...(folder === undefined ? {} : { folder }),
        keys: entries.flatMap((entry) => (entry.kind === 'key' ? [entry.key] : [])),
        others: entries.flatMap((entry) =>
          entry.kind === 'key' ? [] : [{ name: entry.name, state: entry.kind, because: entry.kind === 'damaged' ? entry.because : 'nothing was signed with it', fix: entry.fix }],
        ),
        signsNow,
        signing: settings.signing.value !== 'off',
      },
      { colour: context.colour },
    ),
    data: withoutUndefined({
      folder,
      signsNow: signsNow.kind === 'key' ? signsNow.name : signsNow.kind === 'elsewhere' ? signsNow.reference : undefined,
      keys: entries.map((entry) => (entry.kind === 'key' ? keyData(entry.key) : { name: entry.name, state: entry.kind })),
    }),
    findings,
  };
};
