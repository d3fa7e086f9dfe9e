/**
 * Runs every test/cli/*.txt in a temporary folder, with the built command line first on the path.
 *
 * A script is a list of programs and assertions, then files: `-- path --` begins one. `trainlock …`, `python …` or any other
 * program must succeed, behind `!` it must fail, behind `?` both is right. Assertions (run-script.ts, BUILTINS) look at the last
 * program: exit, stdout, stderr, json; or at files: grep, cmp, exists. Words in single quotes are taken as they are; else $WORK,
 * $PYTHON and variables set by env are replaced. Python has no packages, which makes each run shorter, unless a script says that it does.
 */
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, describe, it } from 'vitest';
import { EVERYTHING } from '../harness/effort.ts';
import { PLAIN_PYTHON, PYTHON } from '../harness/project.ts';
import { readScript } from './read-script.ts';
import { runScript } from './run-script.ts';

/** How a script begins that the full run alone starts, unless it is named. */
const LONG = '# In the full run: ';

const ROOT = resolve(import.meta.dirname, '../..');
const PROGRAM = join(ROOT, 'dist/bin/trainlock.mjs');

/** What a script says that needs more than the standard library. */
const PACKAGES = '# Python has packages here.\n';

/** A folder with `trainlock`. */
const programs = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'trainlock-programs-'));
  writeFileSync(join(folder, 'trainlock'), `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
  chmodSync(join(folder, 'trainlock'), 0o755);
  return folder;
};

describe.concurrent('command line', () => {
  if (!existsSync(PROGRAM)) throw new Error('the command line is not built: npm run build');
  const folder = programs();
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const wanted = process.env['TRAINLOCK_SCRIPTS'] ?? '';
  for (const name of readdirSync(import.meta.dirname).filter((file) => file.endsWith('.txt') && file.includes(wanted))) {
    const text = readFileSync(join(import.meta.dirname, name), 'utf8');
    it.skipIf(text.startsWith(LONG) && wanted === '' && !EVERYTHING)(
      name.replace(/\.txt$/, '').replaceAll('-', ' '),
      async () => {
        const work = realpathSync(mkdtempSync(join(tmpdir(), 'trainlock-script-')));
        try {
          const python = text.includes(PACKAGES) ? PYTHON : PLAIN_PYTHON;
          await runScript(readScript(text), { work, path: [folder, dirname(python)], python });
        } finally {
          rmSync(work, { recursive: true, force: true });
        }
      },
      600_000,
    );
  }
});
