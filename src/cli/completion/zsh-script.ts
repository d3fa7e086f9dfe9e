import type { CommandRow, FlagRow, PositionalRow } from '../command.ts';
import type { Vocabulary } from './completion-script.ts';
import { firstWords, secondWords, singleQuoted } from './shell-words.ts';

/** Works sourced and as a file `_trainlock` on the fpath. */
export const zshScript = (vocabulary: Vocabulary): string => {
  const { commands, everywhere } = vocabulary;
  return `#compdef trainlock
# Completion of trainlock for zsh: source <(trainlock completion zsh)
_trainlock_runs() {
  local store=\${TRAINLOCK_STORE:-} folder=$PWD run
  if [[ -z $store ]]; then
    while [[ -n $folder && ! -d $folder/.trainlock/runs ]]; do folder=\${folder%/*}; done
    store=$folder/.trainlock
  fi
  local -a runs
  runs=(last)
  for run in $store/runs/*(N/); do runs+=("\${run##*-}"); done
  compadd -a runs
}

_trainlock() {
  local curcontext="$curcontext" state
  local -a line
  typeset -A opt_args
  _arguments -C ${[...everywhere.map((flag) => flagSpec(flag)), "'--version[show the version]'", "'1: :->command'", "'*:: :->argument'"].join(' ')}
  case $state in
    command)
      local -a commands
      commands=(${firstWords(commands)
        .map((word) => singleQuoted(`${word}:${escapeColons(summaryOf(word, commands))}`))
        .join(' ')})
      _describe -t commands command commands ;;
    argument)
      case $line[1] in
${firstWords(commands)
  .map((word) => `        ${word}) _arguments ${argumentsOf(word, vocabulary).join(' ')} ;;`)
  .join('\n')}
      esac ;;
  esac
}
if [[ $funcstack[1] == _trainlock ]]; then _trainlock "$@"; else compdef _trainlock trainlock; fi
`;
};

const argumentsOf = (word: string, vocabulary: Vocabulary): readonly string[] => {
  const { commands, everywhere } = vocabulary;
  const below = secondWords(commands, word);
  const rows = commands.filter((row) => row.name === word || row.name.startsWith(`${word} `));
  const flags = [...rows.flatMap((row) => row.flags), ...everywhere].map(flagSpec);
  if (below.length > 0) return [...flags, singleQuoted(`1: :(${below.join(' ')})`)];
  const row = rows[0]!;
  if (row.rest !== undefined) return ['-S', ...flags, singleQuoted('*:::command: _normal')];
  return [
    ...flags,
    ...row.positionals.map((positional, index) =>
      singleQuoted(`${positional.repeats === true ? '*' : index + 1}:${escapeColons(positional.name)}:${action(positional, vocabulary)}`),
    ),
  ];
};

const flagSpec = (flag: FlagRow): string => {
  const many = flag.kind === 'repeatable' ? '*' : '';
  const text = flag.summary.replaceAll('[', '(').replaceAll(']', ')');
  if (flag.kind === 'boolean') return singleQuoted(`--${flag.name}[${text}]`);
  return singleQuoted(`${many}--${flag.name}=[${text}]:${escapeColons(flag.value ?? 'value')}:${flagAction(flag)}`);
};

const flagAction = ({ choices, completes }: FlagRow): string => {
  if (choices !== undefined) return `(${choices.join(' ')})`;
  return completes === undefined ? ' ' : { file: '_files', folder: '_files -/', run: '_trainlock_runs' }[completes];
};

const action = ({ choices, completes }: PositionalRow, { commands, codes }: Vocabulary): string => {
  if (choices !== undefined) return `(${choices.join(' ')})`;
  if (completes === undefined) return ' ';
  return { file: '_files', folder: '_files -/', run: '_trainlock_runs', code: `(${codes.join(' ')})`, command: `(${firstWords(commands).join(' ')})` }[completes];
};

const summaryOf = (word: string, commands: readonly CommandRow[]): string => commands.find((row) => row.name.split(' ')[0] === word)!.summary;

const escapeColons = (text: string): string => text.replaceAll(':', '\\:');
