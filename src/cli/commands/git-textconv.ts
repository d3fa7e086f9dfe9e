import { resolve } from 'node:path';
import { EXIT } from '#base';
import { showDocument } from '#flows/show-document';
import type { CommandHandler } from '../command.ts';

/** Shows a document to git. */
export const handle: CommandHandler = async ({ positionals: [file] }, context) => {
  const { isOurs, lines, bytes } = await showDocument(resolve(context.workingDirectory, file!));
  return { exit: EXIT.yes, text: '', bytes, data: { isOurs, lines } };
};
