import { describe, expect, it } from 'vitest';
import { EVERYTHING } from '../harness/effort.ts';
import { has, makeProject, PYTHON, replayOf } from '../harness/project.ts';

const SCRIPTS: readonly { readonly name: string; readonly needs: readonly string[]; readonly code: string }[] = [
  {
    name: 'gradient boosting and a perceptron of scikit-learn',
    needs: ['sklearn'],
    code: `
import json
from sklearn.datasets import load_digits
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.neural_network import MLPClassifier
x, y = load_digits(n_class=3, return_X_y=True)
boosting = GradientBoostingClassifier(n_estimators=5, subsample=0.5, max_features=8).fit(x, y)
perceptron = MLPClassifier(hidden_layer_sizes=(16,), max_iter=20).fit(x, y)
json.dump({"boosting": boosting.predict_proba(x).sum(axis=1).tolist()[:3] + boosting.predict_proba(x)[0].tolist(), "perceptron": [float(c.sum()) for c in perceptron.coefs_]}, open("result.json", "w"))
`,
  },
  {
    name: 'every unseeded source of random and NumPy, and the order of sets',
    needs: ['numpy'],
    code: `
import json, random
import numpy as np
from numpy.random import default_rng
draws = [random.random(), random.Random().random(), float(np.random.rand()), float(default_rng().random()), float(np.random.RandomState().rand()), float(np.random.Generator(np.random.PCG64()).random())]
np.random.seed(); random.seed()
draws += [random.random(), float(np.random.rand())]
json.dump({"draws": draws, "set": list({"a", "b", "c", "d", "e", "f"})}, open("result.json", "w"))
`,
  },
  {
    name: 'PyTorch with loader processes',
    needs: ['torch'],
    code: `
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
torch.set_num_threads(1)
x = torch.randn(512, 8); data = TensorDataset(x, x.sum(1))
model = nn.Sequential(nn.Linear(8, 16), nn.Dropout(0.1), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for a, b in DataLoader(data, batch_size=32, shuffle=True, num_workers=2):
    optimizer.zero_grad(); ((model(a)[:, 0] - b) ** 2).mean().backward(); optimizer.step()
torch.save(model.state_dict(), "model.pt")
open("result.json", "w").write(str([p.sum().item() for p in model.parameters()]))
`,
  },
  {
    name: 'worker processes of joblib',
    needs: ['joblib', 'sklearn'],
    code: `
import json
import numpy as np
from joblib import Parallel, delayed
def work(i):
    return i
order = Parallel(n_jobs=2)(delayed(work)(i) for i in range(4))
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
x, y = load_digits(n_class=3, return_X_y=True)
forest = RandomForestClassifier(n_estimators=10, n_jobs=2).fit(x, y)
json.dump({"order": order, "forest": forest.predict_proba(x)[:20].tolist()}, open("result.json", "w"))
`,
  },
  {
    name: 'a seed taken from the clock',
    needs: ['numpy'],
    code: `
import json, random, time
import numpy as np
random.seed(time.time()); np.random.seed(int(time.time()))
rng = np.random.default_rng(time.time_ns())
json.dump([random.random(), float(np.random.rand()), float(rng.random())], open("result.json", "w"))
`,
  },
];

describe('an unseeded training', () => {
  for (const { name, needs, code } of SCRIPTS) {
    it.skipIf(!has(...needs))(`with ${name} is repeated to the bit, and another recording differs`, () => {
      const project = makeProject({ 'train.py': code }, PYTHON);
      expect(project.trainlock(['run', '--', 'python', 'train.py'])).toMatchObject({ status: 0 });
      const first = project.bytes('result.json');
      const manifest = project.manifest();
      expect(manifest.randomness.unseededCount).toBeGreaterThan(0);
      expect(manifest.randomness.repeatableCount).toBe(manifest.randomness.unseededCount);
      const replayed = replayOf(project);
      expect(replayed.outcome?.kind, replayed.stderr).toMatch(/^(identical|content-identical)$/);
      expect(replayed.status).toBe(0);
      expect(project.bytes('result.json').equals(first)).toBe(true);
      expect(project.trainlock(['run', '--', 'python', 'train.py'])).toMatchObject({ status: 0 });
      expect(project.bytes('result.json').equals(first)).toBe(false);
    });
  }

  it('draws the same when only a comment was added', () => {
    const project = makeProject({ 'train.py': 'import random\nopen("result.txt", "w").write(str(random.random()))\n' });
    expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(0);
    const before = project.manifest().randomness.generators;
    project.write({ 'train.py': '# a comment\n\nimport random\nopen("result.txt", "w").write(str(random.random()))\n' });
    expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(0);
    const keyOf = (generators: typeof before) => generators.map(({ api, site, process }) => [api, site?.file, site?.function, site?.ordinal, process]);
    expect(keyOf(project.manifest().randomness.generators)).toEqual(keyOf(before));
  });

  it.skipIf(!EVERYTHING || !has('torch'))('of two ranks draws different numbers in each, is one manifest, and is repeated', () => {
    const project = makeProject(
      {
        'train.py': `
import json, os
import numpy as np, torch, random
import torch.distributed as dist
dist.init_process_group("gloo")
rank = dist.get_rank()
x = torch.rand(1); total = x.clone(); dist.all_reduce(total)
json.dump({"torch": x.item(), "numpy": float(np.random.rand()), "random": random.random(), "sum": total.item()}, open(f"rank{rank}.json", "w"))
dist.destroy_process_group()
`,
      },
      PYTHON,
    );
    const answer = project.trainlock(['run', '--', 'python', '-m', 'torch.distributed.run', '--nproc_per_node=2', '--master_addr=127.0.0.1', '--master_port=29571', 'train.py']);
    expect(answer.status, answer.stderr).toBe(0);
    const [zero, one] = [JSON.parse(project.read('rank0.json')), JSON.parse(project.read('rank1.json'))] as Record<string, number>[];
    for (const source of ['torch', 'numpy', 'random']) expect(zero![source]).not.toBe(one![source]);
    const manifest = project.manifest();
    expect(manifest.distributed).toMatchObject({ worldSize: 2, ranks: [{ rank: 0 }, { rank: 1 }] });
    expect(project.runs()).toHaveLength(1);
    const replayed = replayOf(project);
    expect(replayed.outcome?.kind, replayed.stderr).toBe('identical');
  });
});
