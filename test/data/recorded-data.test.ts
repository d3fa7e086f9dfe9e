import { describe, expect, it } from 'vitest';
import { makeProject, type TestProject } from '../harness/project.ts';

const TRAIN = "import os\nprint(sum(len(open(os.path.join('data', name)).read()) for name in sorted(os.listdir('data'))))\nopen('model.txt', 'w').write('x')\n";

const files = (count: number): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`data/part-${String(i).padStart(3, '0')}.csv`, `x\n${i}\n`]));

const recorded = (count: number): TestProject => {
  const project = makeProject({ 'train.py': TRAIN, 'trainlock.yaml': 'data:\n  train:\n    path: data\n    role: train\n', ...files(count) });
  expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(0);
  return project;
};

const verdict = (project: TestProject): { readonly kind: string; readonly checks: readonly { readonly outcome: string; readonly because: string; readonly about?: string }[] } =>
  (JSON.parse(project.trainlock(['verify', 'last', '--data', '--json']).stdout) as { readonly data: ReturnType<typeof verdict> }).data;

describe('data of a run', () => {
  it('that has a file more than was recorded is not as recorded', () => {
    const project = recorded(40);
    expect(verdict(project).kind).toBe('proven');
    project.write({ 'data/part-999.csv': 'x\n999\n' });
    const found = verdict(project);
    expect(found.kind).toBe('refuted');
    expect(found.checks.find(({ outcome }) => outcome === 'broken')!.because).toContain('1 file more than recorded: part-999.csv');
  });

  it.each([3, 40])('that was erased on purpose (%i files) leaves the record undecided and not broken', (count) => {
    const project = recorded(count);
    project.remove('data');
    const lost = verdict(project).kind;
    expect(project.trainlock(['data', 'erase', 'last:train', '--reason', 'request 7', '--yes']).status).toBe(0);
    const found = verdict(project);
    expect([lost === 'proven', found.kind]).toEqual([false, 'undecided']);
    expect(found.checks.some(({ because }) => because.includes('data no longer available: erased') && because.includes('request 7'))).toBe(true);
    expect(project.trainlock(['verify', 'last']).status).toBe(0);
  });

  it('can be compared with what is there now, and with a snapshot', () => {
    const project = recorded(40);
    project.write({ 'data/part-007.csv': 'x\n70\n' });
    const now = project.trainlock(['data', 'diff', 'last:train', 'data/']);
    expect(now.stdout).toContain('1 of 40 files differs');
    expect(now.stdout).toContain('one changed cell: row 8, column x');
    project.trainlock(['snapshot', 'data', '--name', 'new']);
    expect(project.trainlock(['data', 'diff', 'new', 'data/', '--json']).stdout).toContain('"verdict":"same"');
    expect(project.trainlock(['data', 'diff', 'last:nothing', 'data/']).stderr).toContain('it has: train');
  });

  it('tells of columns only what is declared', () => {
    const project = makeProject({
      'trainlock.yaml': 'data:\n  people:\n    path: people.csv\n    profile: full\n    columns:\n      name: "off"\n      income: counts\n    label: target\n',
      'people.csv': `name,income,target\n${Array.from({ length: 60 }, (_, i) => `secret-${i % 3},${1000 + i},${i % 2}`).join('\n')}\n`,
    });
    const answer = project.trainlock(['snapshot', '--json']);
    expect(answer.status).toBe(0);
    expect(answer.stdout).not.toContain('secret-');
    const { data } = JSON.parse(answer.stdout) as {
      readonly data: {
        readonly snapshots: readonly [{ readonly snapshot: { readonly tables: readonly [{ readonly label: string; readonly columns: readonly Record<string, unknown>[] }] } }];
      };
    };
    const [{ snapshot }] = data.snapshots;
    expect(snapshot.tables[0].label).toBe('target');
    expect(Object.keys(snapshot.tables[0].columns[0]!).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['detail', 'name', 'type']);
    expect(snapshot.tables[0].columns[1]).not.toHaveProperty('min');
    expect(snapshot.tables[0].columns[2]).toHaveProperty('categories');
  });
});
