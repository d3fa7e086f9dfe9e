// The main job, on real data: records two trainings, one of them unseeded, then shows, validates, verifies, compares and replays them.
// Run it with: npm run quickstart
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'trainlock-quickstart-'));
for (const name of ['train_digits.py', 'train_boosting.py', 'trainlock.yaml']) cpSync(join(here, name), join(folder, name));
const env = { ...process.env, PATH: `${join(root, '.venv', 'bin')}:${process.env.PATH}` };

const run = (args) => {
  console.log(`\n$ trainlock ${args.map((arg) => (/[\s"]/.test(arg) ? `"${arg}"` : arg)).join(' ')}`);
  const { status } = spawnSync(process.execPath, [join(root, 'dist', 'bin', 'trainlock.mjs'), ...args], { cwd: folder, env, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`\nquickstart: this should have succeeded, but it gave exit code ${status}. The folder is kept: ${folder}`);
    process.exit(1);
  }
};

run(['run', '--why', 'baseline', '--name', 'digits', '--', 'python', 'train_digits.py']);
run(['run', '--why', 'no seed anywhere', '--name', 'boosting', '--', 'python', 'train_boosting.py']);
run(['list']);
run(['show', 'boosting']);
run([
  'validate',
  join(
    '.trainlock',
    'runs',
    readdirSync(join(folder, '.trainlock', 'runs'))
      .sort()
      .at(-1),
    'statement.json',
  ),
]);
run(['verify', 'last']);
run(['diff', 'last~1', 'last']);
run(['replay', 'digits']);
run(['replay', 'boosting']);
rmSync(folder, { recursive: true, force: true });
console.log('\nquickstart: recorded, shown, validated, verified, compared and replayed.');
