// Builds two Python wheels. trainlock: the optional module, the shim, the bundled command line; Node.js comes as a dependency.
// trainlock-tables, for this platform: the packages of npm with machine code or WebAssembly that tables need, in the folder of the first.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const readPackage = (folder) => JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
const { name, version, type, license } = readPackage('.');
const PROGRAM = 'trainlock/_program';
const noCache = (path) => !/__pycache__|\.pyc$/.test(path);

/** What no program loads: documentation, types, sources; of h5wasm also its tests and what it has for browsers. */
const left = { '': /(^|\/)\.|\.(ts|map|md)$/, h5wasm: /^(src|test|dist\/(esm|iife)|CMakeLists\.txt|Makefile)(\/|$)/ };

/** A package and what it requires, as far as it is installed: of the optional ones those for this platform. */
const withRequired = (packages, found = new Set()) => {
  for (const one of packages) {
    if (found.has(one)) continue;
    found.add(one);
    const { dependencies = {}, optionalDependencies = {} } = readPackage(`node_modules/${one}`);
    withRequired([...Object.keys(dependencies), ...Object.keys(optionalDependencies).filter((other) => existsSync(`node_modules/${other}`))], found);
  }
  return [...found];
};

const copyPackage = (one, staged) => {
  const source = `node_modules/${one}`;
  if (!readdirSync(source).some((file) => file.startsWith('LICENSE'))) throw new Error(`${one} has no licence`);
  const isRun = (path) => !left[''].test(relative(source, path)) && left[one]?.test(relative(source, path)) !== true;
  cpSync(source, `${staged}/${PROGRAM}/node_modules/${one}`, { recursive: true, filter: isRun });
};

const stage = (staged, definition) => {
  rmSync(staged, { recursive: true, force: true });
  mkdirSync(`${staged}/${PROGRAM}`, { recursive: true });
  writeFileSync(`${staged}/pyproject.toml`, readFileSync(`${definition}/pyproject.toml`, 'utf8').replaceAll('@VERSION@', version));
};

const stageProgram = (staged) => {
  stage(staged, 'python/wheel');
  for (const file of ['README.md', 'LICENSE']) cpSync(file, `${staged}/${file}`);
  cpSync('python/shim/trainlock', `${staged}/trainlock`, { recursive: true, filter: noCache });
  cpSync('python/wheel/program.py', `${staged}/${PROGRAM}/__init__.py`);
  // The command line finds package.json, shim and content reader beside its folder, as in the npm package; there it also learns who brought it.
  cpSync('dist/bin', `${staged}/${PROGRAM}/dist/bin`, { recursive: true });
  writeFileSync(`${staged}/${PROGRAM}/package.json`, `${JSON.stringify({ name, version, type, license, installer: 'pip' }, null, 2)}\n`);
  for (const folder of ['shim', 'content']) cpSync(`python/${folder}`, `${staged}/${PROGRAM}/python/${folder}`, { recursive: true, filter: noCache });
  cpSync('mappings', `${staged}/${PROGRAM}/mappings`, { recursive: true });
  for (const one of withRequired(['node-sqlite3-wasm'])) copyPackage(one, staged);
};

const stageTables = (staged) => {
  stage(staged, 'python/wheel/tables');
  for (const file of ['README.md', 'platform_tag.py']) cpSync(`python/wheel/tables/${file}`, `${staged}/${file}`);
  for (const one of withRequired(['@duckdb/node-api', 'h5wasm'])) copyPackage(one, staged);
};

const hasDuckDb = process.platform === 'linux' && existsSync('node_modules/@duckdb') && readdirSync('node_modules/@duckdb').some((one) => one.startsWith('node-bindings-'));
if (!hasDuckDb) process.stderr.write('trainlock-tables is not built: it takes Linux, and DuckDB in node_modules\n');
const builds = ['build/wheel', ...(hasDuckDb ? ['build/wheel-tables'] : [])];
stageProgram(builds[0]);
if (hasDuckDb) stageTables(builds[1]);
rmSync('dist/wheel', { recursive: true, force: true });
execFileSync(
  '.venv/bin/python',
  ['-m', 'pip', 'wheel', '--quiet', '--disable-pip-version-check', '--no-deps', '--wheel-dir', 'dist/wheel', ...builds.map((build) => `./${build}`)],
  {
    stdio: 'inherit',
  },
);
