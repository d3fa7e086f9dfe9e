// The gate over a large model, beside sha256sum of the same file: what asking everything costs more than reading the bytes. Records one
// training with a canary in a temporary project, approves it and asks, both programs in turn. Usage: node bench/gate.mjs [MiB] [rounds];
// needs npm run build, python, and sha256sum.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { interleave, timed } from './interleaved.mjs';

const [mebibytes, rounds] = [Number(process.argv[2] ?? 1024), Number(process.argv[3] ?? 5)];
const base = mkdtempSync(join(tmpdir(), 'trainlock-bench-gate-'));
const folder = join(base, 'project');
mkdirSync(folder);
const env = { PATH: `${resolve('.venv/bin')}:${process.env.PATH}`, HOME: join(base, 'home'), LANG: 'C.UTF-8', TRAINLOCK_KEY: 'ann' };
const PROGRAM = resolve('dist/bin/trainlock.mjs');
const trainlock = (...args) => execFileSync(process.execPath, [PROGRAM, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
const write = (name, text) => writeFileSync(join(folder, name), text);

try {
  write(
    'train.py',
    `import os, time\ntime.sleep(0.7)\nblock = os.urandom(1 << 20)\nwith open("model.pt", "wb") as model:\n    for _ in range(${mebibytes}):\n        model.write(block)\n`,
  );
  write('predict.py', 'import sys\nwith open(sys.argv[1], "rb") as model:\n    print("prediction")\n    print(sum(model.read(8)) / 7)\n');
  write('canary.csv', 'x\n1\n');
  write('trainlock.yaml', 'version: 0\ncanary: { inputs: canary.csv, command: [python, predict.py, "{model}"] }\n');
  for (const args of [
    ['keys', 'new', 'root', '--purpose', 'root'],
    ['keys', 'new', 'ann'],
    ['trust', 'new', '--root', 'root'],
    ['trust', 'pin'],
    ['policy', 'new', '--person', 'ann'],
  ])
    trainlock(...args);
  write('ann.pub', trainlock('keys', 'export', 'ann'));
  const roles = ['signer', 'approver-data', 'approver-model', 'approver-dependency'];
  trainlock('trust', 'add', 'ann', '--kind', 'person', '--public-key', 'ann.pub', ...roles.flatMap((role) => ['--role', role]), '--type', 'training-run', '--type', 'approval');
  trainlock('run', '--name', 'first', '--', 'python', 'train.py');
  for (const role of roles.slice(1)) trainlock('approve', 'first', '--against', 'none', '--role', role, '--reason', 'looked', '--yes');
  const { sum, gate } = interleave(
    {
      sum: () => timed(['sha256sum', 'model.pt'], { cwd: folder }),
      gate: () => timed([process.execPath, PROGRAM, 'gate', '--env', 'staging', 'model.pt'], { cwd: folder, env }),
    },
    rounds,
  );
  console.log(
    `a model of ${mebibytes} MiB: gate ${gate.median.toFixed(0)} ms, sha256sum ${sum.median.toFixed(0)} ms: ${(gate.median / sum.median).toFixed(2)}x, ${(gate.median - sum.median).toFixed(0)} ms more`,
  );
} finally {
  rmSync(base, { recursive: true, force: true });
}
