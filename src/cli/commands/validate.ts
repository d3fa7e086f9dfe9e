import { resolve } from 'node:path';
import { EXIT } from '#base';
import { validateFiles } from '#flows/validate-files';
import { renderValidation, type ValidatedFile } from '#report';
import type { CommandHandler } from '../command.ts';

/** Checks manifest files against the schema. */
export const handle: CommandHandler = async (input, context) => {
  const checked = await validateFiles(input.positionals.map((path) => resolve(context.workingDirectory, path)));
  const files = checked.map((file, i): ValidatedFile => ({ ...file, file: input.positionals[i]! }));
  return {
    exit: exitOf(files),
    text: renderValidation(files, { colour: context.colour }),
    data: { files },
    findings: files.flatMap((file) => (file.kind === 'unreadable' ? [{ kind: 'unreadable', severity: 'error' as const, message: file.because, where: file.file }] : [])),
  };
};

/** A definite no wins over what could not be read, and that over what must not be judged. */
const exitOf = (files: readonly ValidatedFile[]): number => {
  const has = (kind: ValidatedFile['kind']): boolean => files.some((file) => file.kind === kind);
  if (has('invalid')) return EXIT.no;
  if (has('unreadable')) return EXIT.failed;
  return has('newer') ? EXIT.undecided : EXIT.yes;
};
