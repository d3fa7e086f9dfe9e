// Builds the Python wheel: the optional module, the shim, the bundled command line; Node.js comes as a dependency.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const staged = 'build/wheel';
const program = `${staged}/trainlock/_program`;
const noCache = (path) => !/__pycache__|\.pyc$/.test(path);

rmSync(staged, { recursive: true, force: true });
mkdirSync(program, { recursive: true });
for (const name of ['pyproject.toml']) cpSync(`python/wheel/${name}`, `${staged}/${name}`);
for (const name of ['README.md', 'LICENSE']) cpSync(name, `${staged}/${name}`);
cpSync('python/shim/trainlock', `${staged}/trainlock`, { recursive: true, filter: noCache });
cpSync('python/wheel/program.py', `${program}/__init__.py`);
writeFileSync(`${program}/version.py`, `__version__ = "${version}"\n`);
// The command line finds package.json, shim and content reader beside its folder, as in the npm package.
cpSync('dist/bin', `${program}/dist/bin`, { recursive: true });
cpSync('package.json', `${program}/package.json`);
for (const folder of ['shim', 'content']) cpSync(`python/${folder}`, `${program}/python/${folder}`, { recursive: true, filter: noCache });
rmSync('dist/wheel', { recursive: true, force: true });
execFileSync('.venv/bin/python', ['-m', 'pip', 'wheel', '--quiet', '--disable-pip-version-check', '--no-deps', '--wheel-dir', 'dist/wheel', staged], { stdio: 'inherit' });
