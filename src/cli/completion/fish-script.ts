import type { CommandRow, FlagRow, PositionalRow } from '../command.ts';
import type { Vocabulary } from './completion-script.ts';
import { firstWords, secondWords, valueFlags } from './shell-words.ts';

export const fishScript = ({ commands, everywhere, codes }: Vocabulary): string => `# Completion of trainlock for fish: trainlock completion fish | source
function __trainlock_words --description 'the words before the cursor that are neither flags nor their values'
    set -l skip 0
    for word in (commandline -opc)[2..]
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
            case ${valueFlags(commands, everywhere).join(' ')}
                set skip 1
            case '-*'
            case '*'
                echo -- $word
        end
    end
end

function __trainlock_at --description 'whether the command is the given one and the cursor is at a position, counted from 0'
    set -l words (__trainlock_words)
    set -l name (string split ' ' -- $argv[1])
    set -l length (count $name)
    test (count $words) -ge $length; or return 1
    test "$words[1..$length]" = "$argv[1]"; or return 1
    test (count $argv) -lt 2; and return 0
    test (count $words) -ge (math $length + $argv[2]); or return 1
    test (count $argv) -eq 3; and return 0
    test (count $words) -eq (math $length + $argv[2])
end

function __trainlock_bare
    test (count (__trainlock_words)) -eq 0
end

function __trainlock_runs
    set -l store $TRAINLOCK_STORE
    if test -z "$store"
        set -l folder $PWD
        while test -n "$folder"; and not test -d $folder/.trainlock/runs
            set folder (string replace -r '/[^/]*$' '' -- $folder)
        end
        set store $folder/.trainlock
    end
    echo last
    for run in $store/runs/*/
        string match -r -g -- '-([0-9a-f]+)/$' $run
    end
end

complete -c trainlock -f
complete -c trainlock -n __trainlock_bare -l version -d 'show the version'
${everywhere.map((flag) => flagLine(flag)).join('\n')}
${firstWords(commands)
  .map((word) => `complete -c trainlock -n __trainlock_bare -a ${word} -d ${quoted(commands.find((row) => row.name.split(' ')[0] === word)!.summary)}`)
  .join('\n')}
${firstWords(commands)
  .flatMap((word) => (secondWords(commands, word).length === 0 ? [] : [`complete -c trainlock -n '__trainlock_at ${word} 0' -a ${quoted(secondWords(commands, word).join(' '))}`]))
  .join('\n')}
${commands.flatMap((row) => row.flags.map((flag) => flagLine(flag, row))).join('\n')}
${commands.flatMap((row) => positionalLines(row, commands, codes)).join('\n')}
${commands.flatMap((row) => (row.rest === undefined ? [] : [`complete -c trainlock -n '__trainlock_at ${row.name}; and contains -- -- (commandline -opc)' -a '(__fish_complete_subcommand --skip=(math (contains -i -- -- (commandline -opc))))'`])).join('\n')}
`;

const flagLine = (flag: FlagRow, row?: CommandRow): string => {
  const when = row === undefined ? '' : ` -n '__trainlock_at "${row.name}"'`;
  const value = flag.kind === 'boolean' ? '' : ` -x${valueWords(flag)}`;
  return `complete -c trainlock${when} -l ${flag.name}${flag.name === 'help' ? ' -s h' : ''}${value} -d ${quoted(flag.summary)}`;
};

const valueWords = ({ choices, completes }: FlagRow): string => {
  if (choices !== undefined) return ` -a ${quoted(choices.join(' '))}`;
  return completes === undefined ? '' : ` -a ${quoted({ file: '(__fish_complete_path)', folder: '(__fish_complete_directories)', run: '(__trainlock_runs)' }[completes])}`;
};

const positionalLines = (row: CommandRow, commands: readonly CommandRow[], codes: readonly string[]): readonly string[] =>
  row.positionals.flatMap((positional, index) => {
    const words = positionalWords(positional, commands, codes);
    const exactly = positional.repeats === true ? 'more' : '';
    return words === undefined ? [] : [`complete -c trainlock -n '__trainlock_at "${row.name}" ${index}${exactly === '' ? '' : ` ${exactly}`}' ${words}`];
  });

const positionalWords = ({ choices, completes }: PositionalRow, commands: readonly CommandRow[], codes: readonly string[]): string | undefined => {
  if (choices !== undefined) return `-a ${quoted(choices.join(' '))}`;
  if (completes === undefined) return undefined;
  return {
    file: '-F',
    folder: `-a '(__fish_complete_directories)'`,
    run: `-a '(__trainlock_runs)'`,
    code: `-a ${quoted(codes.join(' '))}`,
    command: `-a ${quoted(firstWords(commands).join(' '))}`,
  }[completes];
};

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
