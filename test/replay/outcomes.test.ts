import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeProject, replayOf } from '../harness/project.ts';

const recorded = (files: Readonly<Record<string, string>>, ...more: readonly string[]) => {
  const project = makeProject(files);
  const answer = project.trainlock(['run', ...more, '--', 'python', 'train.py']);
  expect(answer.status, answer.stderr).toBe(0);
  return project;
};

const OUTCOMES: readonly {
  readonly name: string;
  readonly code: string;
  readonly config?: string;
  readonly outcome: string;
  readonly status: number;
  readonly because?: RegExp;
}[] = [
  { name: 'the same bytes are identical', code: 'open("a.txt", "w").write("1")', outcome: 'identical', status: 0 },
  {
    name: 'bytes of the operating system are different, for they are never substituted',
    code: 'import os\nopen("a.bin", "wb").write(os.urandom(8))',
    outcome: 'different',
    status: 1,
    because: /a\.bin/,
  },
  { name: 'secrets are different too', code: 'import secrets\nopen("a.txt", "w").write(secrets.token_hex())', outcome: 'different', status: 1 },
  {
    name: 'elapsed times, process ids and addresses in printed text do not count',
    code: 'import os, time\nstart = time.time()\nopen("a.txt", "w").write("1")\nprint("fitted in %.3fs by pid %d, %s" % (time.time() - start, os.getpid(), object()))\nprint("accuracy 0.5")',
    outcome: 'content-identical',
    status: 0,
  },
  { name: 'a result in printed text does count', code: 'import os\nprint("accuracy", os.urandom(4).hex())', outcome: 'different', status: 1 },
  {
    name: 'an archive with other times has the same content',
    code: 'import zipfile, time\nwith zipfile.ZipFile("a.zip", "w") as z:\n  z.writestr(zipfile.ZipInfo("x.txt", time.localtime()[:6]), "1")\ntime.sleep(2)',
    outcome: 'content-identical',
    status: 0,
  },
  {
    name: 'a pickle with other insertion order and equal tables has the same content',
    code: 'import pickle, os\nkeys = ["a", "b"] if os.urandom(1)[0] & 1 else ["b", "a"]\npickle.dump({k: len(k) for k in keys}, open("a.pkl", "wb"))',
    outcome: '(content-)?identical',
    status: 0,
  },
  {
    name: 'made-up names are paired: times, uuids, Hydra folders',
    code: 'import time, uuid, os\nname = time.strftime("outputs/%Y-%m-%d/%H-%M-%S")\nos.makedirs(name)\nopen(name + "/model.txt", "w").write("1")\nopen("run-%s.txt" % uuid.uuid4(), "w").write("2")\ntime.sleep(1.1)',
    outcome: 'identical',
    status: 0,
  },
  {
    name: 'a new version folder beside older ones is paired',
    code: 'import os\nn = 0\nwhile os.path.exists("logs/version_%d" % n): n += 1\nos.makedirs("logs/version_%d" % n)\nopen("logs/version_%d/model.txt" % n, "w").write("1")',
    outcome: 'identical',
    status: 0,
  },
  {
    name: 'a metric within its declared tolerance is the same, and so is the file that holds nothing else',
    code: 'import os, json\njson.dump({"accuracy": 0.9 + os.urandom(1)[0] * 1e-9}, open("metrics.json", "w"))',
    config: 'metrics:\n  accuracy:\n    file: metrics.json\n    pointer: /accuracy\n    direction: higher\n    absoluteTolerance: 0.001\n    why: noise of the last digits\n',
    outcome: 'within-tolerance',
    status: 0,
  },
  {
    name: 'another number in the file of a metric is not',
    code: 'import os, json\njson.dump({"accuracy": 0.9 + os.urandom(1)[0] * 1e-9, "rows": int.from_bytes(os.urandom(4), "big")}, open("metrics.json", "w"))',
    config: 'metrics:\n  accuracy: { file: metrics.json, pointer: /accuracy, direction: higher, absoluteTolerance: 0.001 }\n',
    outcome: 'metric-equal',
    status: 3,
  },
  {
    name: 'a metric beyond its tolerance is different',
    code: 'import os, json\njson.dump({"accuracy": int.from_bytes(os.urandom(4), "big")}, open("metrics.json", "w"))',
    config: 'metrics:\n  accuracy: { file: metrics.json, pointer: /accuracy, direction: higher }\n',
    outcome: 'different',
    status: 1,
  },
  {
    name: 'equal metrics beside other outputs are metric-equal, which is not yet success',
    code: 'import os, json\njson.dump({"accuracy": 0.5}, open("metrics.json", "w"))\nopen("model.bin", "wb").write(os.urandom(8))',
    config: 'metrics:\n  accuracy: { file: metrics.json, pointer: /accuracy, direction: higher }\n',
    outcome: 'metric-equal',
    status: 3,
  },
  { name: 'a failing program fails again in the same way', code: 'import sys\nopen("a.txt", "w").write("1")\nsys.exit(0)', outcome: 'identical', status: 0 },
];

describe('the outcome of a replay:', () => {
  it.each(OUTCOMES)('$name', ({ code, config, outcome, status, because }) => {
    const project = recorded({ 'train.py': `${code}\n`, ...(config === undefined ? {} : { 'trainlock.yaml': config }) });
    const replay = replayOf(project);
    expect(replay.outcome?.kind, replay.stdout + replay.stderr).toMatch(new RegExp(`^(${outcome})$`));
    expect(replay.status).toBe(status);
    if (because !== undefined) expect(replay.outcome?.because.join('\n')).toMatch(because);
  });

  it('an exit code is repeated with the outputs', () => {
    const project = makeProject({ 'train.py': 'import sys\nopen("a.txt", "w").write("1")\nsys.exit(7)\n' });
    expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(7);
    expect(replayOf(project)).toMatchObject({ status: 0, outcome: { kind: 'identical' } });
  });

  it('an output that the replay does not write leaves the question open', () => {
    const project = recorded({ 'train.py': 'import os\nopen("a.txt", "w").write("1")\nif not os.environ.get("HF_HUB_OFFLINE"):\n  open("b.txt", "w").write("2")\n' });
    expect(replayOf(project)).toMatchObject({ status: 3, outcome: { kind: 'undecided' } });
  });
});

describe('a run without any result', () => {
  it('is never called repeated, but what was seen of its way is said', () => {
    const project = recorded({ 'train.py': 'import random\nrandom.random()\n' });
    const replay = replayOf(project);
    expect(replay).toMatchObject({ status: 3, outcome: { kind: 'undecided' } });
    expect(replay.outcome?.because).toEqual([
      'the recorded run left no output and no metric, so there is nothing to compare',
      'as far as was seen, the dice fell the same: 1 generator ended in the recorded state',
    ]);
  });
});

describe('a replay', () => {
  it('runs the recorded code, not that of now', () => {
    const project = recorded({ 'train.py': 'import model\nopen("a.txt", "w").write(model.NAME)\n', 'model.py': 'NAME = "then"\n' });
    project.write({ 'model.py': 'NAME = "now"\n', 'train.py': 'raise SystemExit(9)\n' });
    expect(replayOf(project)).toMatchObject({ status: 0, outcome: { kind: 'identical' } });
    expect(project.read('a.txt')).toBe('then');
  });

  it('brings back a small input that has changed since', () => {
    const project = recorded({ 'train.py': 'open("a.txt", "w").write(open("data.csv").read())\n', 'data.csv': 'x\n1\n' });
    project.write({ 'data.csv': 'x\n2\n' });
    expect(replayOf(project)).toMatchObject({ status: 0, outcome: { kind: 'identical' } });
    expect(project.read('data.csv')).toBe('x\n2\n');
  });

  it('starts nothing when a large input has changed, says which one, and takes it from elsewhere', () => {
    const project = recorded({ 'train.py': 'open("a.txt", "w").write(str(len(open("data.csv").read())))\n', 'data.csv': '1234567\n'.repeat(300_000) });
    const original = project.read('data.csv');
    project.write({ 'data.csv': '7654321\n'.repeat(300_000) });
    const replay = replayOf(project);
    expect(replay, replay.stdout).toMatchObject({ status: 3, outcome: { kind: 'undecided' }, replay: null });
    expect(replay.outcome?.because.join()).toContain('data.csv: its content is another');
    writeFileSync(join(project.folder, '..', 'original.csv'), original);
    expect(replayOf(project, 'last', '--map', `${join(project.folder, 'data.csv')}=${join(project.folder, '..', 'original.csv')}`)).toMatchObject({
      status: 0,
      outcome: { kind: 'identical' },
    });
  });

  it('starts from what a file was before the run changed it, or not at all', () => {
    const project = recorded({ 'train.py': 'n = int(open("count.txt").read()) + 1\nopen("count.txt", "w").write(str(n))\n', 'count.txt': '1' });
    const replay = replayOf(project);
    expect(['identical', 'undecided'], replay.stdout).toContain(replay.outcome?.kind);
    expect(replay.outcome?.kind).not.toBe('different');
  });

  it('leaves nothing behind but its record, and that is linked to the run', () => {
    const project = recorded({ 'train.py': 'open("a.txt", "w").write("1")\n' });
    const run = project.manifest().run.id;
    const before = project.files();
    const replay = replayOf(project, 'last', '--times', '2');
    expect(replay.status).toBe(0);
    expect(project.files()).toEqual(before);
    expect(project.runs()).toHaveLength(3);
    expect(project.manifest().run.parents).toMatchObject([{ kind: 'replay', run }]);
    expect(JSON.parse(project.read(join(project.runs()[2]!, 'evidence', 'replay-outcome.json').slice(project.folder.length + 1)))).toMatchObject({
      of: { run },
      outcome: { kind: 'identical' },
    });
    expect(JSON.parse(project.trainlock(['show', 'last', '--json']).stdout)).toMatchObject({ data: { manifest: { run: { id: run } } } });
  });

  it('only tells the plan with --dry-run', () => {
    const project = recorded({ 'train.py': 'open("a.txt", "w").write("1")\n' });
    expect(replayOf(project, 'last', '--dry-run')).toMatchObject({ status: 0, replay: null });
    expect(project.runs()).toHaveLength(1);
  });

  it('keeps its folder with --keep', () => {
    const project = recorded({ 'train.py': 'open("a.txt", "w").write("1")\n' });
    const answer = project.trainlock(['replay', 'last', '--keep']);
    const folder = /kept in +(\S+)/.exec(answer.stdout)?.[1];
    expect(project.read(join(folder!, 'work', 'a.txt').slice(project.folder.length + 1))).toBe('1');
  });

  it('without the root of the run says that its dice are lost', () => {
    const project = recorded({ 'train.py': 'import random\nopen("a.txt", "w").write(str(random.random()))\n' });
    project.remove('.trainlock/roots');
    const replay = replayOf(project);
    expect(replay.status).not.toBe(0);
    expect(replay.stdout + replay.stderr).toMatch(/root/);
  });
});
