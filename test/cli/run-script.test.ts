import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readScript } from './read-script.ts';
import { runScript } from './run-script.ts';

const work = mkdtempSync(join(tmpdir(), 'trainlock-script-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const run = (text: string): Promise<void> => runScript(readScript(text), { work, path: [], python: 'python3' });

/** A runner that lets failures pass would make every script worthless. */
describe('test scripts', () => {
  it.each([
    ['a program that fails', 'false', 'line 1: false failed with exit code 1'],
    ['a program that succeeds where it must not', '! true', 'line 1: true succeeded'],
    ['a program that does not exist', 'no-such-program', 'line 1: no-such-program failed with exit code 127'],
    ['another exit code', '! false\nexit 2', 'line 2: the exit code is 1, not 2'],
    ['output that does not match', "echo a\nstdout '^b$'", 'line 2: stdout does not match /^b$/'],
    ['output that matches where it must not', 'echo a\n! stdout a', 'line 2: stdout matches /a/'],
    ['a file that is not there', 'exists nowhere', 'line 1: nowhere does not exist'],
    ['files that differ', 'cmp a b\n-- a --\n1\n-- b --\n2\n', 'line 1: a and b differ'],
    ['two JSON objects', "printf '{}\\n{}\\n'\njson /a 1", 'line 2: stdout has 2 lines, not exactly one JSON object'],
    ['another JSON value', `printf '{"a":[1,"x"]}'\njson /a/1 y`, 'line 2: /a/1 is "x", not y'],
    ['a quote that is not closed', "stdout 'a", 'line 1: a quote is not closed'],
  ])('fail on %s', async (_, text, message) => {
    await expect(async () => run(text)).rejects.toThrow(message);
  });

  it.each([
    ['variables outside quotes only', "env A=1\nsh -c 'echo $A' $A\nstdout '^1$'"],
    ['text with quotes', "echo 'it''s'\nstdout '^it''s$'"],
    ['files, folders and standard input', 'cd sub\nstdin in.txt\ncat\ncmp stdout in.txt\n-- sub/in.txt --\nx\n\ny\n'],
    ['JSON values', `printf '{"a":{"b":[true]}}'\njson /a/b/0 true\njson /a '{"b":[true]}'\n! json /a/c 1`],
    ['either outcome', '? false\nexit 1\n? true\nexit 0'],
  ])('take %s', async (_, text) => {
    await run(text);
  });
});
