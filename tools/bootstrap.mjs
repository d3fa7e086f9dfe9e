// Installs what a fresh clone needs, and only that: packages of npm by the lock file, and a virtual environment for Python.
// Usage: node tools/bootstrap.mjs quickstart|test|full
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const stack = process.argv[2] === 'full' || process.env.TRAINLOCK_TEST_STACK === 'full' ? 'full' : 'test';
const say = (line) => process.stderr.write(`${line}\n`);

const older = (made, source) => !existsSync(made) || statSync(made).mtimeMs < statSync(source).mtimeMs;

const installPackages = () => {
  if (!older('node_modules/.package-lock.json', 'package-lock.json')) return;
  say('installing npm packages …');
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { stdio: ['ignore', 'ignore', 'inherit'] });
};

const findPython = () => {
  const candidates = [process.env.TRAINLOCK_PYTHON, 'python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python3.9', 'python3.8', 'python'].filter(Boolean);
  for (const candidate of candidates) {
    const answer = spawnSync(candidate, ['-c', 'import sys, venv, ensurepip; print(sys.version_info >= (3, 8))'], { encoding: 'utf8' });
    if (answer.status === 0 && answer.stdout.trim() === 'True') return candidate;
  }
  say('No Python 3.8 or newer with venv and pip was found. Install it (Debian: apt-get install python3-venv), or set TRAINLOCK_PYTHON.');
  process.exit(2);
};

const installPython = () => {
  const requirements = `python/requirements/${stack}.txt`;
  const wanted = createHash('sha256').update(readFileSync(requirements)).update(readFileSync('python/requirements/test.txt')).digest('hex');
  const stamp = '.venv/trainlock-requirements';
  const fullIsThere = existsSync(`${stamp}-full`) && stack === 'test';
  if (fullIsThere || (existsSync(`${stamp}-${stack}`) && readFileSync(`${stamp}-${stack}`, 'utf8') === wanted)) return;
  if (!existsSync('.venv/bin/python')) execFileSync(findPython(), ['-m', 'venv', '.venv'], { stdio: 'inherit' });
  say(`installing Python packages (${requirements}) …`);
  execFileSync('.venv/bin/python', ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements], { stdio: ['ignore', 'inherit', 'inherit'] });
  writeFileSync(`${stamp}-${stack}`, wanted);
};

mkdirSync('.cache', { recursive: true });
installPackages();
installPython();
if (process.argv[2] === 'quickstart') execFileSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });
