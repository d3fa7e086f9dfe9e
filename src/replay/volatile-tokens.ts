/** What of a line may change from run to run without being a result. */
export type VolatileKind = 'clock' | 'duration' | 'process id' | 'address' | 'temporary path';

/** When a run happened: readings of a clock must fall into it, so that dates that are data stay data. Unit: ms since 1970. */
export type RunWindow = { readonly fromMs: number; readonly toMs: number };

export type MaskedLine = { readonly text: string; readonly kinds: readonly VolatileKind[] };

const NUMBER = String.raw`\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`;
const THINGS =
  'it|its|iter|iters|iterations|batch|batches|step|steps|sample|samples|example|examples|row|rows|epoch|epochs|token|tokens|img|imgs|image|images|record|records|docs?|[kMG]i?B|B|rec|trial|trials';
/** A verb of computing in front of "time": predicted, survival or reaction times are results and are not here. */
const DOING =
  'train|training|test|testing|fit|fitting|score|scoring|predict|prediction|inference|elapsed|run|running|wall|cpu|user|sys|system|total|build|building|exec|execution|processing|compute|computing|computation|load|loading|data|startup|compile|compilation|tuning|search|refit|step|epoch|batch|iteration|validation|val|eval|evaluation|transform|vectorization';

type Rule = { readonly kind: VolatileKind; readonly pattern: RegExp; readonly holds?: (match: string, window: RunWindow) => boolean };

const DAY_MS = 86_400_000;

const within = (ms: number, window: RunWindow): boolean => ms >= window.fromMs - DAY_MS && ms <= window.toMs + DAY_MS;

/** Dates of any zone: a day of slack on both sides. */
const isDateOfRun = (match: string, window: RunWindow): boolean => {
  const digits = match.replaceAll(/[^0-9]/g, '').slice(0, 8);
  return within(Date.UTC(Number(digits.slice(0, 4)), Number(digits.slice(4, 6)) - 1, Number(digits.slice(6, 8)), 12), window);
};

const isEpochOfRun = (match: string, window: RunWindow): boolean => {
  const whole = match.split('.')[0]!;
  return within(Number(whole.slice(0, 10)) * 1000, window);
};

const isNamedDateOfRun = (match: string, window: RunWindow): boolean => {
  const ms = Date.parse(`${match.replace(/\b[A-Z]{3,5}\b(?=\s+\d{4}$)/, '')} UTC`);
  return Number.isNaN(ms) || within(ms, window);
};

/** In this order; a token is taken only in these forms, and only at the same place of both lines. */
const RULES: readonly Rule[] = [
  { kind: 'temporary path', pattern: /\/(?:var\/)?tmp\/(?:tmp[a-z0-9_]{8}|pymp-[a-z0-9_]{8}|joblib_memmapping_folder_[^\s/'"]+|torch_[a-z0-9_]{8}|matplotlib-[a-z0-9_]{8})/g },
  { kind: 'clock', pattern: /\b20\d{2}[-/][01]\d[-/][0-3]\d[T ]+[0-2]\d:[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?(?:Z|\s?[+-]\d{2}:?\d{2})?/g, holds: isDateOfRun },
  {
    kind: 'clock',
    pattern: /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? (?:[A-Z][a-z]{2} +\d{1,2}|\d{1,2} [A-Z][a-z]{2}) [0-2]\d:[0-5]\d:[0-5]\d (?:[A-Z]{3,5} )?20\d{2}/g,
    holds: isNamedDateOfRun,
  },
  { kind: 'clock', pattern: /\b20\d{2}[-/][01]\d[-/][0-3]\d\b/g, holds: isDateOfRun },
  { kind: 'clock', pattern: /\b20\d{6}[-_T]?[0-2]\d[0-5]\d[0-5]\d\b/g, holds: isDateOfRun },
  { kind: 'clock', pattern: /\b1[6-9]\d{8}(?:\.\d+|\d{3}|\d{6}|\d{9})?\b/g, holds: isEpochOfRun },
  { kind: 'duration', pattern: /\[\d{1,3}:\d{2}(?::\d{2})?(?:<(?:\d{1,3}:\d{2}(?::\d{2})?|\?))?,\s+(?:[\d.]+|\?)\s?[A-Za-z]+\/[A-Za-z]+(?=[\],])/g },
  { kind: 'clock', pattern: /(?<![\d:.])\d{1,3}:[0-5]\d:[0-5]\d(?:[.,]\d+)?(?![\d:])/g },
  { kind: 'duration', pattern: new RegExp(String.raw`(?<![\w.+-])${NUMBER}\s?(?:${THINGS})/(?:s|sec|second|min|minute)\b`, 'g') },
  { kind: 'duration', pattern: new RegExp(String.raw`(?<![\w.+-])${NUMBER}\s?(?:s|ms|us|µs|ns|sec|seconds)/(?:${THINGS})\b`, 'g') },
  {
    kind: 'duration',
    pattern: new RegExp(
      String.raw`(?<![\w.+-])(?:\d+\s?(?:h|hr|hrs|hours?)\s?)?(?:\d+\s?(?:m|min|mins|minutes?)\s?(?:and\s)?)?${NUMBER}\s?(?:s|secs?|seconds?|ms|msecs?|milliseconds?|us|µs|microseconds?|ns|nanoseconds?)(?![\w/])`,
      'g',
    ),
  },
  { kind: 'duration', pattern: new RegExp(String.raw`(?<![\w.+-])${NUMBER}(?:min|mins|h)(?![\w/])|(?<![\w.+-])${NUMBER}\s(?:minutes|hours)(?![\w/])`, 'g') },
  {
    kind: 'duration',
    pattern: new RegExp(String.raw`(?<=\b(?:${DOING})[ _-]times?(?:[ _]\(?(?:s|ms|sec|seconds)\)?)?["']?\s*(?:is|was|of|[:=]|[:=]{2})?\s*)${NUMBER}(?![\w%]|\.\d)`, 'gi'),
  },
  {
    kind: 'duration',
    pattern: new RegExp(
      String.raw`(?<=(?:\b|_)(?:elapsed|took|duration|runtime|walltime|time taken|elapsed_seconds|seconds_elapsed)["']?\s*(?:is|was|[:=])?\s*)${NUMBER}(?![\w%]|\.\d)`,
      'gi',
    ),
  },
  { kind: 'duration', pattern: new RegExp(String.raw`(?<=^\s*["']?time["']?\s*[:=]\s*)${NUMBER}(?![\w%]|\.\d)`, 'gi') },
  { kind: 'process id', pattern: /(?<=\b(?:pid|PID|process id|Process ID|ppid)["']?\s?[:= ]?\s?)\d{1,8}\b/g },
  { kind: 'address', pattern: /(?<=\bat )0x[0-9a-fA-F]{6,16}\b/g },
];

/** The line with everything that may change from run to run replaced by its kind. White space beside it counts as one space: columns move with digits. */
export const maskVolatile = (line: string, window: RunWindow): MaskedLine => {
  const kinds = new Set<VolatileKind>();
  let text = line;
  for (const rule of RULES) {
    text = text.replace(rule.pattern, (match: string) => {
      if (rule.holds?.(match, window) === false) return match;
      kinds.add(rule.kind);
      return `<${rule.kind}>`;
    });
  }
  return { text: kinds.size === 0 ? line : text.replaceAll(/[ \t]+/g, ' ').trim(), kinds: [...kinds] };
};
