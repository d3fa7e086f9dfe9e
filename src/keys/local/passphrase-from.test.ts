import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReadStream } from 'node:tty';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newPassphraseFrom, passphraseFrom } from './passphrase-from.ts';
import { promptPassphrase } from './prompt-passphrase.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trainlock-passphrase-'));
  file = join(folder, 'passphrase');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const kept = (text: string | Uint8Array, mode: number = 0o600): { readonly TRAINLOCK_PASSPHRASE_FILE: string } => {
  writeFileSync(file, text);
  chmodSync(file, mode);
  return { TRAINLOCK_PASSPHRASE_FILE: file };
};
const never = async (): Promise<string | undefined> => Promise.reject(new Error('nobody should be asked'));

describe('a passphrase', () => {
  it('is the variable, else the line of the file, else what the prompt says', async () => {
    const env = kept('from the file\n');
    expect(await passphraseFrom({ ...env, TRAINLOCK_PASSPHRASE: 'from the variable' }, never)('the key a')).toBe('from the variable');
    expect(await passphraseFrom({ ...env, TRAINLOCK_PASSPHRASE: '' }, never)('the key a')).toBe('');
    expect(await passphraseFrom(env, never)('the key a')).toBe('from the file');
    expect(await passphraseFrom({}, async (question) => question)('the key a')).toBe('passphrase of the key a');
  });

  it('is undefined without any of them: a test has no terminal', async () => {
    expect(await passphraseFrom({}, undefined)('the key a')).toBeUndefined();
    expect(await passphraseFrom({ TRAINLOCK_PASSPHRASE_FILE: '' }, undefined)('the key a')).toBeUndefined();
  });

  it.each([
    ['words', 'words'],
    ['words\r\n', 'words'],
    [' spaces stay ', ' spaces stay '],
    ['höræ ☃\n', 'höræ ☃'],
    ['', ''],
  ])('of the file %j is %j', async (text, passphrase) => {
    expect(await passphraseFrom(kept(text), never)('x')).toBe(passphrase);
  });

  it.each([
    ['can be read by others', () => kept('x', 0o640), 'TL1102', /^other users can read .* \(mode 0640\)$/],
    ['has two lines', () => kept('a\nb\n'), 'TL1102', /does not hold exactly one line of text$/],
    ['is no text', () => kept(Uint8Array.of(0xff, 0xfe)), 'TL1102', /does not hold exactly one line of text$/],
    ['is not there', () => ({ TRAINLOCK_PASSPHRASE_FILE: join(folder, 'none') }), 'TL1101', /^there is no passphrase at /],
    ['is a folder', () => ({ TRAINLOCK_PASSPHRASE_FILE: folder }), 'TL1102', /it is a folder$/],
  ])('of a file that %s is refused', async (_, env, code, message) => {
    await expect(passphraseFrom(env(), never)('x')).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  });

  it('of a new key is asked twice', async () => {
    const answers =
      (...words: (string | undefined)[]) =>
      async (): Promise<string | undefined> =>
        words.shift();
    expect(await newPassphraseFrom({}, answers('a', 'a'))('the key x')).toBe('a');
    await expect(newPassphraseFrom({}, answers('a', 'b'))('the key x')).rejects.toMatchObject({ code: 'TL1103', message: 'the two passphrases are not the same' });
    expect(await newPassphraseFrom({}, answers(undefined))('the key x')).toBeUndefined();
    expect(await newPassphraseFrom({ TRAINLOCK_PASSPHRASE: 'v' }, never)('the key x')).toBe('v');
  });
});

/** Opens a real terminal, says its name, types what it is told (in hexadecimal), and says what the terminal showed. */
const TERMINAL = `
import os, pty, sys, select, termios
master, slave = pty.openpty()
print(os.ttyname(slave), flush=True)
for line in sys.stdin:
    word, _, rest = line.strip().partition(' ')
    if word == 'type':
        os.write(master, bytes.fromhex(rest))
    if word == 'shown':
        seen = b''
        while select.select([master], [], [], 0.2)[0]:
            seen += os.read(master, 65536)
        print(seen.hex() or '-', 'echo' if termios.tcgetattr(slave)[3] & termios.ECHO else 'silent', flush=True)
`;

describe('the prompt, at a real terminal', () => {
  let terminal: ChildProcess;
  let lines: AsyncIterator<string>;
  let input: ReadStream;
  beforeEach(async () => {
    terminal = spawn('python3', ['-c', TERMINAL], { stdio: ['pipe', 'pipe', 'inherit'] });
    lines = createInterface({ input: terminal.stdout! })[Symbol.asyncIterator]();
    input = new ReadStream(openSync(await line(), 'r+'));
  });
  afterEach(() => {
    input.destroy();
    terminal.kill();
  });
  const line = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('the terminal ended: python3 is needed');
    return value;
  };
  const type = (text: string): void => void terminal.stdin!.write(`type ${Buffer.from(text).toString('hex')}\n`);
  const shown = async (): Promise<string> => {
    terminal.stdin!.write('shown\n');
    return await line();
  };

  const ask = async (typed: string): Promise<{ answer: Promise<string | undefined>; said: string[] }> => {
    const said: string[] = [];
    const answer = promptPassphrase('passphrase of the key\u001b[2J x', input, { write: (text: unknown) => said.push(String(text)) > 0 });
    answer.catch(() => undefined);
    expect(await shown()).toBe('- silent');
    type(typed);
    return { answer, said };
  };

  it.each([
    ['a line', 'correct horse\r', 'correct horse'],
    ['letters of several bytes', 'höræ ☃ 😀\r', 'höræ ☃ 😀'],
    ['what was mistyped and taken back', 'abcX\u007f😀\bd\r', 'abcd'],
    ['a line that was begun anew', 'wrong\u0015right\n', 'right'],
    ['an empty line', '\r', ''],
    ['no control characters', 'a\u001b\u0001b\r', 'ab'],
    ['nothing at the end of the input', '\u0004', undefined],
  ])('takes %s, and shows nothing of it', async (_, typed, expected) => {
    const { answer, said } = await ask(typed);
    expect(await answer).toBe(expected);
    expect(said).toEqual(['passphrase of the key\\x1b[2J x: ', '\n']);
    expect(await shown()).toBe('- echo');
  });

  it('leaves the terminal as it was after Ctrl-C', async () => {
    const { answer } = await ask('abc\u0003');
    await expect(answer).rejects.toMatchObject({ code: 'TL1103', message: 'no passphrase was given' });
    expect(await shown()).toBe('- echo');
  });
});
