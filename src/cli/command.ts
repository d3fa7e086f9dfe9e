/**
 * What a command is to the framework.
 *
 * Convention: `src/cli/commands/<verb>.ts` exports one `handle: CommandHandler`; its row in command-table.ts loads it with
 * `load: () => import('./commands/<verb>.ts')`. The framework parses, checks and converts nothing else: a handler gets flags by
 * their name in the table (`input.flags['dry-run']`), the file names and run names by position, and everything behind -- as
 * `input.rest`. It never prints a result, never calls process.exit and never sets process.exitCode: it returns a CommandResult,
 * or throws TrainlockError when the operation could not be carried out.
 */
import type { Progress } from './progress-line.ts';

/** What a command learnt on the way that a person should look at. */
export type CommandFinding = {
  readonly kind: string;
  readonly severity: 'note' | 'warning' | 'error';
  readonly message: string;
  /** A command or edit that mends it. */
  readonly remedy?: string;
  /** The place: path, line, pointer or run. */
  readonly where?: string;
  /** Reasons, one line each. */
  readonly notes?: readonly string[];
};

/** The streams and settings of one invocation. */
export type CommandContext = {
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether --json was given: then nothing else is printed on stdout. A handler that starts a child hands it stderr as stdout then. */
  readonly json: boolean;
  /** Whether the text of the result may hold ANSI styles: the stream it goes to is a terminal that takes colour. */
  readonly colour: boolean;
  /** Shows long work on stderr: redrawn on a terminal, else one line every ten seconds. Call `end` when the work is done. */
  readonly progress: (what: string) => { readonly onProgress: (done: Progress) => void; readonly end: () => void };
  /** Talk, on stderr. The line is printed as it is: escape recorded text first (escapeControl). */
  readonly say: (line: string) => void;
  /**
   * Asks a yes-or-no question on the terminal. Answers undefined, without asking, when stdin or stderr is no terminal or --json
   * was given: the handler then says which flag answers the question.
   */
  readonly confirm: (question: string) => Promise<boolean | undefined>;
};

/** Options and arguments as the table describes them: flags by name, repeated flags as lists, the rest by position. */
export type ParsedInput = {
  readonly flags: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly positionals: readonly string[];
  /** Everything behind --. */
  readonly rest: readonly string[];
};

/** What a command found: printed as text, or as the data of the JSON envelope. */
export type CommandResult = {
  /** Exit code, 0 to 255; `run` gives the code of the child. */
  readonly exit: number;
  readonly data: unknown;
  /** The text for people, without a last line feed; may hold ANSI styles only if the context has colour. Empty: nothing is printed. */
  readonly text: string;
  /** In place of text: bytes that go to stdout as they are, for a program that reads them. */
  readonly bytes?: Uint8Array;
  /** The stream of the text: stdout unless stdout belongs to a child (`run`). The JSON envelope always goes to stdout. */
  readonly textTo?: 'stdout' | 'stderr';
  /** Not printed as text: the text of the result says what people need. */
  readonly findings?: readonly CommandFinding[];
  /** Commands that make sense next; printed by handlers in their text if they wish. */
  readonly next?: readonly string[];
};

export type CommandHandler = (input: ParsedInput, context: CommandContext) => Promise<CommandResult>;

/** One flag of a command. */
export type FlagRow = {
  /** Long name without dashes; there are no short flags but -h. */
  readonly name: string;
  /** boolean: present or not; text: one value, the last wins; repeatable: a list; choice: one of `choices`. */
  readonly kind: 'boolean' | 'text' | 'repeatable' | 'choice';
  /** Placeholder of the value in help, in capitals. */
  readonly value?: string;
  readonly choices?: readonly string[];
  readonly summary: string;
  /** What holds when it is not given, in words. The framework fills nothing in: the handler asks the settings. */
  readonly default?: string;
  /** Environment variable that says the same. */
  readonly env?: string;
  /** What the value is, for completion. */
  readonly completes?: 'file' | 'folder' | 'run';
};

/** One argument given by position. */
export type PositionalRow = {
  /** Placeholder in help, in capitals. */
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
  /** Whether it may be given many times; only the last one may. */
  readonly repeats?: boolean;
  readonly choices?: readonly string[];
  readonly completes?: 'file' | 'folder' | 'run' | 'code' | 'command';
};

export type CommandGroup = 'first' | 'records' | 'data' | 'signing' | 'log' | 'environment' | 'governance' | 'reports' | 'setting-up' | 'help';

/** An exit code, or several, and what it means. */
export type ExitRow = { readonly code: string; readonly means: string };

/** One command as the table describes it. */
export type CommandRow = {
  /** One word, or two for a command with a subject (`config show`). */
  readonly name: string;
  readonly group: CommandGroup;
  /** One line, lower case, no full stop. */
  readonly summary: string;
  /** A few sentences below the summary. */
  readonly details?: string;
  readonly positionals: readonly PositionalRow[];
  /** Placeholder of what stands behind --, if the command takes it. */
  readonly rest?: { readonly name: string; readonly summary: string };
  readonly flags: readonly FlagRow[];
  readonly examples: readonly { readonly command: string; readonly says: string }[];
  /** What each exit code means for this command. */
  readonly exits: readonly ExitRow[];
  /** Whether the handler deals with SIGINT and SIGTERM itself, because a child must get them too. */
  readonly ownsSignals?: boolean;
  /** Whether the command looks at recorded runs: then the records of runs whose recorder was killed are completed first. */
  readonly readsRuns?: boolean;
  readonly load: () => Promise<{ readonly handle: CommandHandler }>;
};
