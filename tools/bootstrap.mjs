// Installs what a fresh clone needs, and only that: packages of npm by the lock file, and a virtual environment for Python.
// Usage: node tools/bootstrap.mjs quickstart|test|full
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const stack = process.argv[2] === 'full' || process.env.TRAINLOCK_TEST_STACK === 'full' ? 'full' : 'test';
const say = (line) => process.stderr.write(`${line}\n`);

const older = (made, source) => !existsSync(made) || statSync(made).mtimeMs < statSync(source).mtimeMs;

/** Runs a program to its end; what it says on stderr is passed on when it ends, and all that it said where it fails. */
const run = async (program, args) => {
  try {
    const { stderr } = await promisify(execFile)(program, args, { maxBuffer: 1 << 26 });
    process.stderr.write(stderr);
  } catch (error) {
    throw new Error(`${error.stdout}${error.stderr}\n${program} failed: ${error.message.split('\n')[0]}`, { cause: error });
  }
};

const installPackages = async () => {
  if (!older('node_modules/.package-lock.json', 'package-lock.json')) return;
  say('installing npm packages …');
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
};

const findPython = () => {
  const candidates = [process.env.TRAINLOCK_PYTHON, 'python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python3.9', 'python3.8', 'python'].filter(Boolean);
  for (const candidate of candidates) {
    const answer = spawnSync(candidate, ['-c', 'import sys, venv, ensurepip; print(sys.version_info >= (3, 8))'], { encoding: 'utf8' });
    if (answer.status === 0 && answer.stdout.trim() === 'True') return candidate;
  }
  throw new Error('No Python 3.8 or newer with venv and pip was found. Install it (Debian: apt-get install python3-venv), or set TRAINLOCK_PYTHON.');
};

const installPython = async () => {
  const requirements = `python/requirements/${stack}.txt`;
  const wanted = createHash('sha256').update(readFileSync(requirements)).update(readFileSync('python/requirements/test.txt')).digest('hex');
  const stamp = '.venv/trainlock-requirements';
  const fullIsThere = existsSync(`${stamp}-full`) && stack === 'test';
  if (fullIsThere || (existsSync(`${stamp}-${stack}`) && readFileSync(`${stamp}-${stack}`, 'utf8') === wanted)) return;
  if (!existsSync('.venv/bin/python')) execFileSync(findPython(), ['-m', 'venv', '.venv'], { stdio: 'inherit' });
  say(`installing Python packages (${requirements}) …`);
  await run('.venv/bin/python', ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
  writeFileSync(`${stamp}-${stack}`, wanted);
};

/** Beside it one without packages: a run records every package that its interpreter has, and most tests are about something else. */
const makePlainPython = () => {
  if (existsSync('.venv/plain/bin/python')) return;
  rmSync('.venv/plain', { recursive: true, force: true });
  execFileSync('.venv/bin/python', ['-m', 'venv', '--without-pip', '.venv/plain'], { stdio: 'inherit' });
};

mkdirSync('.cache', { recursive: true });
// Both wait for downloads most of the time. One that fails does not leave the other behind.
const failed = (await Promise.allSettled([installPackages(), installPython()])).filter(({ status }) => status === 'rejected');
for (const { reason } of failed) say(reason instanceof Error ? reason.message : String(reason));
if (failed.length > 0) process.exit(1);
makePlainPython();
if (process.argv[2] === 'quickstart') execFileSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });
