// The manifest of a run that is recorded now, grown to about a given size: that of a large project names many files.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const recorded = () => {
  const folder = mkdtempSync(join(tmpdir(), 'trainlock-bench-'));
  try {
    const { status, stderr } = spawnSync(process.execPath, [resolve('dist/bin/trainlock.mjs'), 'run', '--', 'python3', '-c', 'import random; print(random.random())'], {
      cwd: folder,
      env: { ...process.env, HOME: folder },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    const runs = join(folder, '.trainlock', 'runs');
    return JSON.parse(readFileSync(join(runs, readdirSync(runs)[0], 'manifest.json'), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

let base;

/** Unit of the size: byte of JSON. */
export const manifestOf = (sizeBytes) => {
  base ??= recorded();
  const file = (i) => ({ path: `\${project}/src/package/module_${i}.py`, sha256: i.toString(16).padStart(64, '0'), sizeBytes: 1000 + i, stored: true });
  const each = JSON.stringify(file(10_000)).length + 1;
  const count = Math.max(0, Math.floor((sizeBytes - JSON.stringify(base).length) / each));
  return { ...base, code: { ...base.code, files: [...base.code.files, ...Array.from({ length: count }, (_, i) => file(i))] } };
};
