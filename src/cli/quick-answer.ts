import { VERSION } from '#base';
import { renderOverview } from './render-help.ts';
import { print, terminalOf } from './terminal.ts';

/** Answers --version and --help, the questions asked most, without loading what commands need. Tells whether it did. */
export const quickAnswer = async (argv: readonly string[]): Promise<boolean> => {
  if (argv.length !== 1) return false;
  if (argv[0] === '--version') await print('stdout', `trainlock ${VERSION}\n`);
  else if (argv[0] === '--help') await print('stdout', `${renderOverview(terminalOf('stdout'))}\n`);
  else return false;
  return true;
};
