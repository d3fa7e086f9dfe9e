import type { CommandRow, FlagRow } from '../command.ts';
import { bashScript } from './bash-script.ts';
import { fishScript } from './fish-script.ts';
import { zshScript } from './zsh-script.ts';

export type Shell = 'bash' | 'zsh' | 'fish';

/** What completion needs to know: the table, and the words that `explain` takes. */
export type Vocabulary = { readonly commands: readonly CommandRow[]; readonly everywhere: readonly FlagRow[]; readonly codes: readonly string[] };

/** The script that completes commands, flags, choices, files and runs in a shell. It never starts trainlock: runs are read from the store's folder names. */
export const completionScript = (shell: Shell, vocabulary: Vocabulary): string => ({ bash: bashScript, zsh: zshScript, fish: fishScript })[shell](vocabulary);
