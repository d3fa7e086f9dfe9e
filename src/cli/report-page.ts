import { writeFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { escapeControl, shellWord, TrainlockError } from '#base';
import type { EvidenceOptions } from '#flows/collect-evidence';
import { loadProject } from '#flows/load-project';
import type { PageOptions } from '#report';
import type { CommandContext, CommandResult, ParsedInput } from './command.ts';
import { environmentFlag, fileFlag } from './policy-place.ts';
import { listFlag } from './trust-place.ts';

/** How a report looks and where it goes. */
type Form = { readonly format: PageOptions['format'] | 'json'; readonly out: string | undefined };

const ENDINGS: Readonly<Record<string, Form['format']>> = { '.html': 'html', '.htm': 'html', '.md': 'md', '.json': 'json', '.txt': 'text', '': 'text' };

/** The format that was said, or that of the ending of the file. Throws TL0001 for an ending that means none. */
export const formOf = ({ flags }: ParsedInput): Form => {
  const out = fileFlag(flags['out']);
  const said = flags['format'] as Form['format'] | undefined;
  const ending = extname(out ?? '').toLowerCase();
  const format = said ?? (Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : undefined);
  if (format !== undefined) return { format, out };
  const stem = out!.slice(0, -ending.length);
  throw new TrainlockError('TL0001', `no report is written as ${escapeControl(ending)}`, {
    where: escapeControl(out!),
    notes: ['the ending of --out says the form: .txt, .md, .html or .json; --format says it for any other name'],
    fix: `--out ${escapeControl(shellWord(`${stem}.html`))}${ending === '.pdf' ? '   # prints on one sheet' : ''}`,
  });
};

type Report = {
  readonly exit: number;
  readonly data: unknown;
  /** The page itself. */
  readonly render: (options: PageOptions) => string;
  /** What it is about, for the line that says where it is. */
  readonly title: string;
  readonly next?: readonly string[];
};

/** A report on stdout, or whole in a file. Throws TL0001 for a form that is not known, TL0003 for a file that cannot be written. */
export const reportResult = async (input: ParsedInput, context: CommandContext, { render, title, ...result }: Report): Promise<CommandResult> => {
  const { format, out } = formOf(input);
  const page = (colour: boolean): string => (format === 'json' ? JSON.stringify(result.data, null, 2) : render({ format, colour, isWhole: out !== undefined }));
  if (out === undefined) return { ...result, text: page(context.colour).trimEnd() };
  const path = resolve(context.workingDirectory, out);
  await writeFile(path, `${page(false).trimEnd()}\n`).catch((error: unknown) => {
    throw notWritten(path, error);
  });
  return { ...result, text: `${title}: ${escapeControl(out)}` };
};

const notWritten = (path: string, error: unknown): TrainlockError => {
  const { code = 'an unknown error' } = error as NodeJS.ErrnoException;
  const isNoFolder = code === 'ENOENT';
  return new TrainlockError('TL0003', 'the report cannot be written', {
    where: path,
    notes: [isNoFolder ? 'the folder is not there' : code === 'EISDIR' ? 'a folder has that name' : `the system said ${code}`],
    fix: isNoFolder ? `mkdir -p ${escapeControl(shellWord(dirname(path)))}` : 'choose another file: --out FILE',
    cause: error,
  });
};

/** What every command that weighs a run asks, by its flags. */
export const evidenceRequest = async (input: ParsedInput, context: CommandContext, reference: string): Promise<EvidenceOptions> => {
  const { workingDirectory, env } = context;
  const { projectRoot, storeFolder } = await loadProject({ workingDirectory, env, flags: input.flags });
  const [against, pin] = [fileFlag(input.flags['against']), fileFlag(input.flags['trust'])];
  return {
    projectRoot,
    storeFolder,
    workingDirectory,
    env,
    reference,
    ...(against === undefined ? {} : { against }),
    ...(pin === undefined ? {} : { pin }),
    actors: listFlag(input.flags['actor']),
    ...environmentFlag(input.flags),
    skipData: input.flags['skip-data'] === true,
    keys: listFlag(input.flags['key']),
    authorities: listFlag(input.flags['authority']),
    logKeys: listFlag(input.flags['log-key']),
  };
};
