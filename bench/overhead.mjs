// What recording costs a PyTorch training of about three seconds. Usage: node bench/overhead.mjs [rounds]; needs npm run build and the full Python stack.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { interleave, median, row, timed } from './interleaved.mjs';

const rounds = Number(process.argv[2] ?? 7);
const python = process.env.TRAINLOCK_TEST_PYTHON ?? resolve('.venv/bin/python');
const trainlock = resolve('dist/bin/trainlock.mjs');
const folder = mkdtempSync(join(tmpdir(), 'trainlock-bench-'));
writeFileSync(
  join(folder, 'train.py'),
  `import sys, torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
torch.manual_seed(0)
torch.set_num_threads(1)
data = TensorDataset(torch.randn(4096, 64), torch.randint(0, 10, (4096,)))
model = nn.Sequential(nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 10))
optimizer = torch.optim.Adam(model.parameters())
for epoch in range(int(sys.argv[1])):
    for x, y in DataLoader(data, batch_size=64, shuffle=True):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
torch.save(model.state_dict(), 'model.pt')
`,
);

const runs = join(folder, '.trainlock', 'runs');
const last = (file) => JSON.parse(readFileSync(join(runs, readdirSync(runs).sort().at(-1), file), 'utf8'));
const plain = (epochs) => timed([python, 'train.py', epochs], { cwd: folder });
let epochs = 4;
while (plain(String(epochs)) < 2700) epochs = Math.ceil(epochs * 1.5);

const child = [];
const after = [];
const hashing = [];
const figures = interleave(
  {
    plain: () => plain(String(epochs)),
    recorded: () => {
      const whole = timed([process.execPath, trainlock, 'run', '--', python, 'train.py', String(epochs)], { cwd: folder });
      const wall = last('exit.json').usage.wallMs;
      child.push(wall);
      after.push(whole - wall);
      hashing.push(last('manifest.json').capture.overhead.hashMs);
      return whole;
    },
  },
  rounds,
);
const childMedian = median(child.slice(1));
console.log(`training of ${epochs} epochs, ${rounds} rounds in turn, medians`);
console.log(row('plain', figures.plain, figures.plain));
console.log(row('command under trainlock', { median: childMedian, min: Math.min(...child), max: Math.max(...child) }, figures.plain));
console.log(row('whole trainlock run', figures.recorded, figures.plain));
console.log(`whole command beyond the child: ${median(after.slice(1)).toFixed(0)} ms, of which hashing ${median(hashing.slice(1)).toFixed(0)} ms`);

const peak = await new Promise((done) => {
  const process_ = spawn(process.execPath, [trainlock, 'run', '--', python, 'train.py', String(epochs)], { cwd: folder, stdio: 'ignore' });
  let high = 0;
  const timer = setInterval(() => {
    const status = spawnSync('cat', [`/proc/${process_.pid}/status`], { encoding: 'utf8' }).stdout;
    high = Math.max(high, Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0));
  }, 100);
  process_.on('exit', () => {
    clearInterval(timer);
    done(high);
  });
});
console.log(`peak memory of the command line during the run: ${(peak / 1024).toFixed(0)} MiB`);
rmSync(folder, { recursive: true, force: true });
