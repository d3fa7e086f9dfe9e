// Builds programs of other projects that tests run, once, at the versions in go-tools.json, into .cache/go-tools/, and prints their paths.
// Exit code 3: this machine has no Go. Usage: node tools/build-go-tools.mjs NAME…|quick|all
// quick are those that .ci/run has the time for: the others take minutes (cosign, vault), or are tested together with one that does.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tools = JSON.parse(readFileSync(new URL('go-tools.json', import.meta.url), 'utf8'));
const place = join(root, '.cache/go-tools');

// The settings of the user say where modules come from; how programs are built is said here.
const go = (args, cwd, more = {}) =>
  execFileSync('go', args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', env: { ...process.env, GOFLAGS: '-trimpath -buildvcs=false', ...more } });

const install = ({ module, package: below = '', version }, out, folder) => {
  const bin = join(folder, 'bin');
  go(['install', `${module}${below}@${version}`], folder, { GOBIN: bin });
  renameSync(join(bin, readdirSync(bin)[0]), out);
};

/** What `go install` would do, where it cannot: with a module of our own that requires the program. */
const buildAsRequired = ({ module, package: below = '', version }, out, folder) => {
  // From 1.17 on only those modules are asked for that the program is made of.
  writeFileSync(join(folder, 'go.mod'), 'module trainlock.dev/go-tools\n\ngo 1.21\n');
  go(['mod', 'edit', `-require=${module}@${version}`], folder);
  go(['build', '-mod=mod', '-o', out, module + below], folder);
};

/** A module that takes parts of itself from folders beside it: the released ones instead, so that it can be built from the module alone. */
const buildCopy = ({ module, package: below = '', version }, out, folder) => {
  const { Dir: source } = JSON.parse(go(['mod', 'download', '-json', `${module}@${version}`], folder));
  const copy = join(folder, 'module');
  cpSync(source, copy, { recursive: true });
  execFileSync('chmod', ['-R', 'u+w', copy]);
  const list = join(copy, 'go.mod');
  const lines = readFileSync(list, 'utf8').split('\n');
  writeFileSync(list, lines.filter((line) => !line.startsWith(`replace ${module}/`)).join('\n'));
  go(['build', '-mod=mod', '-o', out, `.${below}`], copy);
};

const buildFolder = ({ folder: source }, out) => go(['build', '-o', out, '.'], join(root, source));

const MANNERS = { require: buildAsRequired, copy: buildCopy, install, folder: buildFolder };

/** A program of our own has no version: what it is made of stands for it. */
const versionOf = ({ version, folder }) => {
  if (version !== undefined) return version;
  const hash = createHash('sha256');
  for (const name of readdirSync(join(root, folder)).sort()) hash.update(`${name}\n`).update(readFileSync(join(root, folder, name)));
  return hash.digest('hex').slice(0, 12);
};

const build = (name, tool, path) => {
  process.stderr.write(`building ${basename(path)} …\n`);
  // Built apart and renamed: test files run at the same time, and a half-written program must not be started.
  const folder = mkdtempSync(join(place, `building-${name}-`));
  try {
    MANNERS[tool.manner ?? (tool.folder === undefined ? 'install' : 'folder')](tool, join(folder, 'program'), folder);
    renameSync(join(folder, 'program'), path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The name without a version leads to the pinned one. */
const link = (name, path) => {
  const stable = join(place, name);
  const target = basename(path);
  if (isLinkTo(stable, target)) return;
  const fresh = mkdtempSync(join(place, `linking-${name}-`));
  symlinkSync(target, join(fresh, name));
  renameSync(join(fresh, name), stable);
  rmSync(fresh, { recursive: true });
};

const isLinkTo = (path, target) => {
  try {
    return readlinkSync(path) === target;
  } catch {
    return false;
  }
};

const namesOf = (word) => (word === 'all' ? Object.keys(tools) : word === 'quick' ? Object.keys(tools).filter((name) => tools[name].onlyFull !== true) : [word]);

const names = process.argv.slice(2).flatMap(namesOf);
const unknown = names.find((name) => !Object.hasOwn(tools, name));
if (names.length === 0 || unknown !== undefined) {
  process.stderr.write(`usage: node tools/build-go-tools.mjs NAME…|quick|all, with names of ${Object.keys(tools).join(', ')}\n`);
  process.exit(2);
}
mkdirSync(place, { recursive: true });
for (const name of names) {
  const path = join(place, `${name}-${versionOf(tools[name])}`);
  if (!existsSync(path)) {
    if (spawnSync('go', ['version'], { stdio: 'ignore' }).status !== 0) {
      process.stderr.write(`Go is not installed: ${name} cannot be built.\n`);
      process.exit(3);
    }
    try {
      build(name, tools[name], path);
    } catch (error) {
      process.stderr.write(`${name} could not be built: ${error.message}\n`);
      process.exit(1);
    }
  }
  link(name, path);
  process.stdout.write(`${path}\n`);
}
