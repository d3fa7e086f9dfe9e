/** The generated completion scripts, in the shells themselves. A shell that is not installed is skipped. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const PROGRAM = resolve(import.meta.dirname, '../../dist/bin/trainlock.mjs');
const folder = mkdtempSync(join(tmpdir(), 'trainlock-completion-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

mkdirSync(join(folder, '.trainlock/runs/20261124T080000Z-0a1b2c3d'), { recursive: true });
mkdirSync(join(folder, 'sub'));
writeFileSync(join(folder, 'manifest.json'), '{}');
for (const shell of ['bash', 'zsh', 'fish']) writeFileSync(join(folder, shell), execFileSync(process.execPath, [PROGRAM, 'completion', shell]));

const installed = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;
const env = { PATH: process.env['PATH'], HOME: folder, TERM: 'dumb', LC_ALL: 'C.UTF-8' };

const SHELLS: Readonly<Record<string, (line: string) => readonly string[]>> = {
  bash: (line) => {
    const words = line.split(' ');
    const script = `source ./bash; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _trainlock; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['--norc', '--noprofile', '-c', script], { cwd: folder, env, encoding: 'utf8' }).split('\n');
  },
  // compadd is replaced by one that prints what it would add, inside a real completion (a pseudo-terminal and a tab).
  zsh: (line) => {
    const setup = `autoload -Uz compinit && compinit -u -d ${folder}/.zcompdump; source ${folder}/zsh
compadd () {
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return $?; fi
  typeset -a __hits; builtin compadd -O __hits "$@"; local hit; for hit in $__hits; print -r -- "HIT:$hit:" >> ${folder}/hits
  return 1
}
`;
    writeFileSync(join(folder, 'setup.zsh'), setup);
    writeFileSync(join(folder, 'hits'), '');
    const drive = `zmodload zsh/zpty; zpty shell zsh -f -i; zpty -w shell "cd ${folder}; source ./setup.zsh; PS1=READY"; zpty -r shell out '*READY*READY' ; zpty -w -n shell "${line}"$'\\t'; sleep 0.6; zpty -d shell; cat hits`;
    return [...execFileSync('zsh', ['-f', '-c', drive], { cwd: folder, env, encoding: 'utf8', timeout: 20_000 }).matchAll(/^HIT:(.*):$/gm)].map(([, hit]) => hit!);
  },
  fish: (line) =>
    execFileSync('fish', ['--no-config', '-c', `source ./fish; complete -C '${line}'`], { cwd: folder, env, encoding: 'utf8' })
      .split('\n')
      .map((row) => row.split('\t')[0]!),
};

const CASES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['trainlock ', ['init', 'run', 'config', 'explain'], ['show ']],
  ['trainlock va', ['validate'], ['verify']],
  ['trainlock config ', ['show'], ['rebuild']],
  ['trainlock --json li', ['list'], ['diff']],
  ['trainlock run --en', ['--entropy'], ['--yaml']],
  ['trainlock run --entropy ', ['own', 'observe'], ['auto']],
  ['trainlock run --why baseline --lo', ['--logs'], ['--why']],
  ['trainlock completion ', ['bash', 'zsh', 'fish'], ['init']],
  ['trainlock show ', ['last', '0a1b2c3d'], ['init']],
  ['trainlock diff last ', ['last', '0a1b2c3d'], ['init']],
  ['trainlock explain TL01', ['TL0101', 'TL0102'], ['TL0001']],
  ['trainlock validate man', ['manifest.json'], ['sub']],
  ['trainlock help do', ['doctor'], ['init']],
];

for (const [shell, complete] of Object.entries(SHELLS)) {
  describe.skipIf(!installed(shell))(`completion in ${shell}`, () => {
    it.each(CASES)('offers what fits behind "%s"', (line, wanted, unwanted) => {
      const offered = complete(line).map((word) => word.replace(/=$/, ''));
      expect(offered).toEqual(expect.arrayContaining([...wanted]));
      for (const word of unwanted) expect(offered).not.toContain(word);
    });
  });
}
