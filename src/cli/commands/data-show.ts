import { escapeControl, EXIT, nameText } from '#base';
import { showData, type ShownData } from '#flows/show-data';
import { renderFileProof, renderSnapshot, renderSnapshotTable } from '#report';
import type { CommandHandler } from '../command.ts';
import { dataRequest } from '../data-place.ts';

/** Shows snapshots. */
export const handle: CommandHandler = async (input, context) => {
  const [reference, file] = input.positionals;
  const shown = await showData({ ...(await dataRequest(input, context)), ...(reference === undefined ? {} : { reference }), ...(file === undefined ? {} : { file }) });
  return {
    exit: EXIT.yes,
    text: textOf(shown, { colour: context.colour, all: input.flags['all'] === true }),
    data: shown,
    findings: shown.kind === 'all' ? shown.damaged.map(({ path, reason }) => ({ kind: 'snapshot-damaged', severity: 'error' as const, message: reason, where: path })) : [],
  };
};

const textOf = (shown: ShownData, { colour, all }: { readonly colour: boolean; readonly all: boolean }): string => {
  switch (shown.kind) {
    case 'all':
      return [
        renderSnapshotTable(shown.snapshots, { colour }),
        ...shown.damaged.map(({ path, reason }) => `damaged, and not in the table: ${escapeControl(path)} (${escapeControl(reason)})`),
      ].join('\n');
    case 'one':
      return renderSnapshot(shown.snapshot, { colour, all, erased: shown.erased });
    case 'file': {
      const { entry, proof } = shown.file;
      return renderFileProof({ title: shown.title, path: nameText(entry), sha256: entry.sha256, sizeBytes: entry.size, proof, erased: shown.erased }, { colour });
    }
  }
};
