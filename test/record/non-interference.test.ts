import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EVERYTHING } from '../harness/effort.ts';
import { has, makeProject, PYTHON, until } from '../harness/project.ts';

/** Everything is seeded: random, NumPy, a forest, and with PyTorch also a network fed by loader processes. */
const SEEDED = `
import hashlib, json, random, sys
random.seed(3)  # before other imports: PyTorch imports rich where it is installed, and that draws at its import
import numpy as np
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
np.random.seed(5)
rng = np.random.default_rng(5)
x, y = load_digits(return_X_y=True)
forest = RandomForestClassifier(n_estimators=20, random_state=1, n_jobs=2).fit(x, y)
parts = {"random": random.random(), "numpy": float(np.random.rand()), "rng": float(rng.random()), "forest": hashlib.sha256(forest.predict_proba(x).tobytes()).hexdigest()}
try:
    import torch
except ImportError:
    torch = None
if torch is not None:
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset
    torch.manual_seed(11); torch.set_num_threads(2)
    data = TensorDataset(torch.tensor(x, dtype=torch.float32), torch.tensor(y))
    model = nn.Sequential(nn.Linear(64, 32), nn.Dropout(0.2), nn.ReLU(), nn.Linear(32, 10))
    optimizer = torch.optim.Adam(model.parameters())
    for epoch in range(2):
        for a, b in DataLoader(data, batch_size=64, shuffle=True, num_workers=2):
            optimizer.zero_grad(); nn.functional.cross_entropy(model(a), b).backward(); optimizer.step()
    parts["weights"] = hashlib.sha256(b"".join(p.detach().numpy().tobytes() for p in model.parameters())).hexdigest()
print(json.dumps(parts, sort_keys=True))
print("to stderr", file=sys.stderr)
open("weights.json", "w").write(json.dumps(parts))
`;

/** Each flag alone where nothing is left out; else all of them together, which no more than each may change what is computed. */
const MODES = EVERYTHING ? [[], ['--entropy', 'observe'], ['--logs', 'off'], ['--hash', 'defer']] : [[], ['--entropy', 'observe', '--logs', 'off', '--hash', 'defer']];

describe('a seeded program', () => {
  it('computes the same bits and prints the same bytes with and without trainlock, in every mode', () => {
    const project = makeProject({ 'train.py': SEEDED }, PYTHON);
    const plain = project.python(['train.py'], { env: { ...project.env, PYTHONHASHSEED: '0' } });
    const weights = project.bytes('weights.json');
    for (const flags of MODES) {
      const recorded = project.trainlock(['run', ...flags, '--', 'python', 'train.py'], { env: { ...project.env, PYTHONHASHSEED: '0' } });
      expect(recorded.stdout, flags.join(' ')).toBe(plain.stdout);
      expect(recorded.stderr).toContain('to stderr\n');
      expect(recorded.status).toBe(0);
      expect(project.bytes('weights.json').equals(weights)).toBe(true);
    }
    if (has('torch')) expect(plain.stdout).toContain('weights');
    expect(project.manifest(project.runs()[0]).randomness.unseededCount).toBe(0);
  });

  it('ends the same when trainlock is killed at half time, and the next command completes the record', async () => {
    const project = makeProject({
      'train.py': `
import random, time
random.seed(1)
open("started", "w").close()
time.sleep(2)
open("result.txt", "w").write(str(random.random()))
print("done")
`,
    });
    const child = project.start(['run', '--why', 'to be killed', '--', 'python', 'train.py']);
    let stdout = '';
    child.stdout!.on('data', (chunk) => (stdout += String(chunk)));
    await until('the training has started', () => project.exists('started'));
    child.kill('SIGKILL');
    await until('the training has ended by itself', () => project.exists('result.txt') && project.read('result.txt') !== '');
    await until('its output arrived', () => stdout.includes('done'));
    const plain = project.python(['-c', 'import random; random.seed(1); print(random.random())']);
    expect(project.read('result.txt')).toBe(plain.stdout.trim());
    await until(
      'the process is gone',
      () =>
        project.trainlock(['list', '--json']).status === 0 &&
        project.runs().every((run) => readFileSync(`${run}/started.json`, 'utf8') !== '') &&
        project.trainlock(['show', 'last']).status === 0,
    );
    const manifest = project.manifest();
    expect(manifest.run.exit).toMatchObject({ kind: 'lost' });
    expect(manifest.capture.interrupted).toBe(true);
    expect(manifest.outputs.map((output) => output.path)).toContain('${project}/result.txt');
    expect(project.trainlock(['verify', 'last']).status).toBe(0);
  });
});

describe('the command under trainlock', () => {
  it.each([
    ['its exit code', 'import sys; sys.exit(7)', 7],
    ['the signal that ended it', 'import os; os.kill(os.getpid(), 9)', 137],
    ['an uncaught exception', 'raise ValueError("no")', 1],
  ])('gives back %s, and a valid record is left', (_, code, status) => {
    const project = makeProject({ 'train.py': code });
    expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(status);
    expect(project.trainlock(['validate', `${project.runs()[0]!}/statement.json`]).status).toBe(0);
  });

  it('gets the signals that are sent to trainlock', async () => {
    const project = makeProject({
      'train.py':
        'import signal, sys, time\nsignal.signal(signal.SIGUSR1, lambda *_: (open("saved", "w").close(), sys.exit(5)))\nopen("ready", "w").close()\nwhile True: time.sleep(0.1)\n',
    });
    const child = project.start(['run', '--', 'python', 'train.py']);
    await until('it is ready', () => project.exists('ready'));
    child.kill('SIGUSR1');
    const code = await new Promise((done) => child.on('exit', done));
    expect(code).toBe(5);
    expect(project.exists('saved')).toBe(true);
  });

  it('reads its standard input as without trainlock', () => {
    const project = makeProject({});
    expect(project.trainlock(['run', '--', 'python', '-c', 'import sys; print(sys.stdin.read().upper())'], { input: 'hello' }).stdout).toBe('HELLO\n');
  });

  it.each([
    ['missing', ['no-such-program'], 127],
    ['not executable', ['./data.txt'], 126],
  ])('that is %s is refused before anything is written', (_, command, status) => {
    const project = makeProject({ 'data.txt': 'x' });
    const answer = project.trainlock(['run', '--', ...command]);
    expect(answer.status).toBe(status);
    expect(answer.stderr).toMatch(/error\[TL040[12]\]/);
    expect(project.exists('.trainlock')).toBe(false);
  });
});
