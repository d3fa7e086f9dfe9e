// Start-up of the command line against bare Node. Usage: node bench/start-up.mjs [rounds]; needs npm run build.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { interleave, row, timed } from './interleaved.mjs';

const rounds = Number(process.argv[2] ?? 21);
const trainlock = resolve('dist/bin/trainlock.mjs');
const folder = mkdtempSync(join(tmpdir(), 'trainlock-bench-'));
timed([process.execPath, trainlock, 'run', '--', 'true'], { cwd: folder });
const runs = join(folder, '.trainlock', 'runs');
const manifest = JSON.parse(readFileSync(join(runs, readdirSync(runs)[0], 'manifest.json'), 'utf8'));
const parameters = Array.from({ length: 1000 }, (_, i) => ({
  name: `layer.${i}.learning-rate`,
  value: String(i / 1000),
  type: 'float',
  source: 'argparse',
  masked: false,
  isDefault: i % 2 === 0,
}));
while (JSON.stringify(manifest).length < 200_000) manifest.parameters = [...manifest.parameters, ...parameters];
const file = join(folder, 'manifest.json');
writeFileSync(file, JSON.stringify(manifest));

const figures = interleave(
  {
    'node -e 0': () => timed([process.execPath, '-e', '0']),
    'trainlock --version': () => timed([process.execPath, trainlock, '--version']),
    'trainlock --help': () => timed([process.execPath, trainlock, '--help']),
    'trainlock validate, 200 KB': () => timed([process.execPath, trainlock, 'validate', file]),
  },
  rounds,
);
console.log(`${rounds} rounds in turn, medians; the manifest has ${JSON.stringify(manifest).length} bytes`);
for (const [name, one] of Object.entries(figures)) console.log(row(name, one, figures['node -e 0']));
rmSync(folder, { recursive: true, force: true });
