import type { CommandRow, FlagRow, PositionalRow } from '../command.ts';
import type { Vocabulary } from './completion-script.ts';
import { firstWords, secondWords, singleQuoted, valueFlags } from './shell-words.ts';

/** The candidates for a word: runs of the nearest store, files, folders, or words. */
const CANDIDATES = `_trainlock_runs() {
  local store="\${TRAINLOCK_STORE:-}" folder="$PWD" run
  if [ -z "$store" ]; then
    while [ -n "$folder" ] && [ ! -d "$folder/.trainlock/runs" ]; do folder="\${folder%/*}"; done
    store="$folder/.trainlock"
  fi
  printf '%s\\n' last
  for run in "$store"/runs/*/; do
    [ -d "$run" ] || continue
    run="\${run%/}"
    printf '%s\\n' "\${run##*-}"
  done
}

_trainlock_reply() {
  local IFS=$'\\n'
  case "$1" in
    files) COMPREPLY=($(compgen -f -- "$2")); compopt -o filenames 2>/dev/null ;;
    folders) COMPREPLY=($(compgen -d -- "$2")); compopt -o filenames 2>/dev/null ;;
    runs) COMPREPLY=($(compgen -W "$(_trainlock_runs)" -- "$2")) ;;
    none) COMPREPLY=() ;;
    *) COMPREPLY=($(compgen -W "\${1// /$'\\n'}" -- "$2")) ;;
  esac
}
`;

/** For bash 3.2 and newer: no associative arrays, no mapfile. */
export const bashScript = ({ commands, everywhere, codes }: Vocabulary): string => `# Completion of trainlock for bash: source <(trainlock completion bash)
${CANDIDATES}
_trainlock() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local command="" position=0 skip="" word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    if [ "$word" = -- ]; then
      if declare -F _command_offset >/dev/null; then _command_offset $((i + 1)); else COMPREPLY=($(compgen -c -f -- "$current")); fi
      return
    fi
    if [ "$word" = = ]; then skip=1; continue; fi
    if [ -n "$skip" ]; then skip=""; continue; fi
    case "$word" in
      ${valueFlags(commands, everywhere).join('|')}) skip=1; continue ;;
      -*) continue ;;
    esac
    case "$command/$word" in
      /*) command="$word" ;;
      ${commands.flatMap((row) => (row.name.includes(' ') ? [`${row.name.replace(' ', '/')}) command="${row.name}" ;;`] : [])).join('\n      ')}
      *) position=$((position + 1)) ;;
    esac
  done
  if [ "$current" = = ]; then current=""; elif [ "$previous" = = ]; then previous="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  case "$command $previous" in
${commands.flatMap((row) => [...row.flags, ...everywhere].flatMap((flag) => valueCase(row, flag))).join('\n')}
  esac
  case "$current" in
    -*)
      case "$command" in
${commands.map((row) => `        ${singleQuoted(row.name)}) _trainlock_reply ${singleQuoted(flagWords([...row.flags, ...everywhere]))} "$current" ;;`).join('\n')}
        *) _trainlock_reply ${singleQuoted(`${flagWords(everywhere)} --version`)} "$current" ;;
      esac
      return ;;
  esac
  case "$command" in
    '') _trainlock_reply ${singleQuoted(firstWords(commands).join(' '))} "$current" ;;
${commands.flatMap((row) => positionalCases(row, commands, codes)).join('\n')}
${firstWords(commands)
  .flatMap((word) => (secondWords(commands, word).length === 0 ? [] : [`    ${word}) _trainlock_reply ${singleQuoted(secondWords(commands, word).join(' '))} "$current" ;;`]))
  .join('\n')}
  esac
}
complete -F _trainlock trainlock
`;

const flagWords = (flags: readonly FlagRow[]): string => flags.map((flag) => `--${flag.name}`).join(' ');

const valueCase = (row: CommandRow, flag: FlagRow): readonly string[] => {
  if (flag.kind === 'boolean') return [];
  return [`    ${singleQuoted(`${row.name} --${flag.name}`)}) _trainlock_reply ${singleQuoted(wordsFor(flag))} "$current"; return ;;`];
};

const wordsFor = ({ choices, completes }: Pick<FlagRow, 'choices' | 'completes'>): string => {
  if (choices !== undefined) return choices.join(' ');
  return completes === undefined ? 'none' : { file: 'files', folder: 'folders', run: 'runs' }[completes];
};

const positionalCases = (row: CommandRow, commands: readonly CommandRow[], codes: readonly string[]): readonly string[] => {
  if (row.positionals.length === 0) return [];
  const cases = row.positionals.map(
    (positional, index) => `${positional.repeats === true ? '*' : index}) _trainlock_reply ${singleQuoted(positionalWords(positional, commands, codes))} "$current" ;;`,
  );
  return [`    ${singleQuoted(row.name)})`, `      case "$position" in`, ...cases.map((line) => `        ${line}`), '      esac ;;'];
};

const positionalWords = (positional: PositionalRow, commands: readonly CommandRow[], codes: readonly string[]): string => {
  const { completes, choices } = positional;
  if (completes === 'code') return codes.join(' ');
  if (completes === 'command') return firstWords(commands).join(' ');
  return wordsFor({ ...(choices === undefined ? {} : { choices }), ...(completes === undefined ? {} : { completes }) });
};
