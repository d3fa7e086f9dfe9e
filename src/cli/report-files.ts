import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { WantedReports } from '#flows/write-reports';
import { withoutGithubCommands } from '#report';
import type { CommandContext, ParsedInput } from './command.ts';

const FLAGS = { sarif: 'sarif', junit: 'junit', codeQuality: 'code-quality', markdown: 'markdown' } as const;

/** The files in which findings are wanted for other programs. */
export const wantedReports = ({ flags }: ParsedInput, { workingDirectory }: CommandContext): WantedReports =>
  Object.fromEntries(
    Object.entries(FLAGS).flatMap(([kind, name]) => {
      const file = flags[name];
      return typeof file === 'string' ? [[kind, resolve(workingDirectory, file)]] : [];
    }),
  );

/** Recorded text that must not command the runner of GitHub that prints it. */
export const shieldedText = (text: string): string => withoutGithubCommands(text, randomBytes(16).toString('hex'));
