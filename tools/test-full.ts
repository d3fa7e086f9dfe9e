/**
 * What takes longer than CI may: the whole suite with the full Python stack, every program of others that tests run and as many tries as
 * a test knows, the recipes for verifying without trainlock among it; parts of it on the newest Node.js; then scikit-learn's own examples,
 * unchanged: each one plain, recorded and replayed. Writes the dated tables of docs/reference/full-run.md. Usage: npm run test:full
 * [-- --only suite | --only recipes | --only fuzz | --only mutation | --only examples [--match NAME]]; with --match nothing is written
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { whenAndWhere, writePart } from './full-run-page.js';
import { mutationTable } from './mutation-table.js';
import { RECIPES, recipeTable } from './recipe-table.js';

const EXAMPLES = '/usr/share/doc/python-sklearn-doc/examples';
const FOLDERS = ['classification', 'tree', 'linear_model'];
const python = resolve(process.env['TRAINLOCK_TEST_PYTHON'] ?? '.venv/bin/python');
const cli = resolve('dist/bin/trainlock.mjs');

/** Most plain runs that are tried to see whether an example differs from itself. */
const PLAIN_RUNS = 5;

type Row = { readonly example: string; readonly plain: string; readonly recorded: string; readonly unseeded: string; readonly replay: string; readonly because: string };

const environment = (home: string): Record<string, string> => ({
  PATH: `${resolve(python, '..')}:${process.env['PATH'] ?? ''}`,
  HOME: home,
  LANG: 'C.UTF-8',
  MPLBACKEND: 'module://figures',
  PYTHONDONTWRITEBYTECODE: '1',
});

const run = (argv: readonly string[], cwd: string, env: Record<string, string>) =>
  spawnSync(argv[0]!, argv.slice(1), { cwd, env, encoding: 'utf8', input: '', timeout: 600_000, maxBuffer: 1 << 28 });

/** The examples show their figures on a screen. This backend of matplotlib, chosen by a variable, saves what would be shown: a result that can be compared. */
const FIGURES = `from itertools import count
from matplotlib._pylab_helpers import Gcf
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg

numbers = count(1)


class FigureManager(FigureManagerBase):
    @classmethod
    def pyplot_show(cls, *, block=None):
        for manager in Gcf.get_all_fig_managers():
            manager.canvas.figure.savefig("figure-%d.png" % next(numbers))
        Gcf.destroy_all()


class FigureCanvas(FigureCanvasAgg):
    manager_class = FigureManager
`;

/** Lines without clock readings: the examples print elapsed times. */
const withoutTimes = (text: string): string => text.replace(/[0-9]+\.[0-9]+ ?(s|sec|seconds|ms)\b/g, '#').replace(/(time|took)[^\n]*[0-9]\.[0-9]+/gi, '#');

/** Digests of all figures in a folder. */
const figuresIn = (folder: string): string =>
  readdirSync(folder)
    .filter((name) => /^figure-\d+\.png$/.test(name))
    .sort()
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}`,
    )
    .join('\n');

/** The same, and takes them away: the next run must make its own. */
const takeFigures = (folder: string): string => {
  const figures = figuresIn(folder);
  for (const line of figures.split('\n').filter((one) => one !== '')) rmSync(join(folder, line.split(' ')[0]!));
  return figures;
};

const tryExample = (file: string): Row => {
  const base = mkdtempSync(join(tmpdir(), 'example-'));
  try {
    cpSync(file, join(base, basename(file)));
    writeFileSync(join(base, 'figures.py'), FIGURES);
    const env = environment(base);
    const plain = run([python, basename(file)], base, env);
    const plainFigures = takeFigures(base);
    const recorded = run([process.execPath, cli, 'run', '--', 'python', basename(file)], base, env);
    const sameOutput = withoutTimes(plain.stdout) === withoutTimes(recorded.stdout) && plainFigures === figuresIn(base);
    const runs = join(base, '.trainlock', 'runs');
    const folder = existsSync(runs) ? readdirSync(runs)[0] : undefined;
    const manifest =
      folder === undefined
        ? undefined
        : (JSON.parse(readFileSync(join(runs, folder, 'manifest.json'), 'utf8')) as {
            readonly randomness: { readonly unseededCount?: number; readonly repeatableCount?: number };
          });
    const replayed = run([process.execPath, cli, 'replay', 'last', '--json'], base, env);
    const envelope = parse(replayed.stdout);
    const unseeded = manifest === undefined ? '–' : `${manifest.randomness.unseededCount ?? 0}`;
    // Examples that draw measured times into their figures can show the same ones twice: more than two plain runs are compared.
    const differsByItself = (): boolean =>
      Array.from({ length: PLAIN_RUNS }).some(() => {
        takeFigures(base);
        const again = run([python, basename(file)], base, env);
        return withoutTimes(again.stdout) !== withoutTimes(plain.stdout) || figuresIn(base) !== plainFigures;
      });
    const recordedText =
      recorded.status !== plain.status
        ? `exit ${recorded.status}`
        : sameOutput
          ? 'same exit, same output'
          : unseeded !== '0'
            ? 'same exit, output differs (unseeded)'
            : differsByItself()
              ? 'same exit; two plain runs differ too'
              : 'same exit, OTHER OUTPUT';
    return {
      example: file.slice(EXAMPLES.length + 1),
      plain: plain.status === 0 ? 'ran' : `exit ${plain.status} (library too new)`,
      recorded: recordedText,
      unseeded,
      replay: envelope?.data?.outcome?.kind ?? `exit ${replayed.status}`,
      because: envelope?.data?.outcome?.because?.join('; ') ?? envelope?.findings?.[0]?.message ?? '',
    };
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
};

type Envelope = {
  readonly data?: { readonly outcome?: { readonly kind?: string; readonly because?: readonly string[] } };
  readonly findings?: readonly { readonly message: string }[];
};

const parse = (text: string): Envelope | undefined => {
  try {
    return JSON.parse(text) as Envelope;
  } catch {
    return undefined;
  }
};

const versions = (): string =>
  run(
    [
      python,
      '-c',
      'import sys, numpy, sklearn, matplotlib; print("Python", sys.version.split()[0], "· NumPy", numpy.__version__, "· scikit-learn", sklearn.__version__, "· matplotlib", matplotlib.__version__)',
    ],
    '.',
    { ...environment(tmpdir()), MPLBACKEND: 'agg' },
  ).stdout.trim();

const table = (rows: readonly Row[]): string =>
  [
    '| example | plain | recorded | unseeded places | replay | because |',
    '|---|---|---|---|---|---|',
    ...rows.map(
      (row) => `| ${row.example} | ${row.plain} | ${row.recorded} | ${row.unseeded} | ${row.replay} | ${row.because.replaceAll('|', '\\|').replaceAll('\n', ' ').slice(0, 240)} |`,
    ),
  ].join('\n');

/** Builds every program of others, runs the tests with all of them, and writes what the recipes came to. Whether all passed. */
const runTests = (files: readonly string[]): boolean => {
  if (spawnSync(process.execPath, ['tools/build-go-tools.mjs', 'all'], { stdio: ['ignore', 'ignore', 'inherit'] }).status !== 0) return false;
  const report = '.cache/full-run.json';
  rmSync(report, { force: true });
  const suite = spawnSync('npx', ['vitest', 'run', ...files, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`], {
    stdio: 'inherit',
    env: { ...process.env, TRAINLOCK_TEST_STACK: 'full', TRAINLOCK_TEST_TOOLS: 'all' },
  });
  if (existsSync(report)) writePart('Verified without trainlock', `${whenAndWhere()}\n${recipeTable(report, python)}`);
  if (existsSync(report) && files.length === 0) writePart('The whole suite', `${whenAndWhere()}\n${suiteText(report)}`);
  return suite.status === 0;
};

/** How many tests passed, with every program of others that tests start. Source: the JSON report of Vitest. */
const suiteText = (report: string): string => {
  const { numPassedTests, numPendingTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    readonly numPassedTests: number;
    readonly numPendingTests: number;
    readonly numFailedTests: number;
    readonly testResults: readonly unknown[];
  };
  return `${versions()}, and every program of others that tests start: ${numPassedTests} tests of ${testResults.length} files passed, ${numFailedTests} failed, ${numPendingTests} were left out.`;
};

/** The parts that newer runtimes do otherwise, on the newest one. Whether all passed. */
const runOnNewestNode = (): boolean =>
  spawnSync(process.execPath, ['tools/test-newest-node.mjs', 'all'], {
    stdio: 'inherit',
    env: { ...process.env, TRAINLOCK_TEST_STACK: 'full', TRAINLOCK_TEST_TOOLS: 'all' },
  }).status === 0;

/** Ten minutes of inputs that nobody thought of against every reader of untrusted bytes. Whether none showed a fault. */
const runFuzz = (): boolean => {
  const fuzz = spawnSync('npx', ['vitest', 'run', 'test/fuzz'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, TRAINLOCK_FUZZ_SECONDS: '600' },
  });
  process.stdout.write(fuzz.stdout);
  const printed = stripVTControlCharacters(fuzz.stdout);
  const summary = /^fuzz: seed .*$/m.exec(printed)?.[0] ?? 'the run did not end';
  const rows = [...printed.matchAll(/^([a-z][a-z0-9-]*) +([0-9]+) runs +([0-9]+) answers, slowest ([0-9.]+) ms/gm)].map(
    ([, target, runs, answers, slowest]) => `| ${target} | ${runs} | ${answers} | ${slowest} |`,
  );
  const faults = fuzz.status === 0 ? 'No input showed a fault.' : 'INPUTS SHOWED FAULTS: see test/fuzz/corpus.';
  writePart('Hostile inputs', `${whenAndWhere()}\n${summary}\n\n${faults}\n\n| reader | inputs | different answers | slowest, ms |\n|---|---|---|---|\n${rows.join('\n')}`);
  return fuzz.status === 0;
};

/** Changes the code of the rooms that decide, one place at a time, and runs their tests: each change must be noticed. Whether enough were. */
const runMutations = (): boolean => {
  const report = '.cache/mutation.json';
  rmSync(report, { force: true });
  spawnSync('npx', ['stryker', 'run'], { stdio: 'inherit' });
  if (!existsSync(report)) return false;
  const { text, share, unargued } = mutationTable(report, 'test/mutation/unnoticed.json');
  writePart('Changes of the deciding code', `${whenAndWhere()}\nRooms approval and gate, by Stryker. ${text}`);
  return share >= LEAST_NOTICED && unargued === 0;
};

const LEAST_NOTICED = 0.95;

const main = (): number => {
  const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
  if (only === 'fuzz') return Number(!runFuzz());
  if (only === 'mutation') return Number(!runMutations());
  if (only === 'suite') return Number(!runTests([]) || !runOnNewestNode());
  const passed = only === 'examples' || runTests(only === 'recipes' ? [RECIPES] : []);
  if (only === 'recipes') return Number(!passed);
  const isNewestFine = only === 'examples' || runOnNewestNode();
  const held = only === 'examples' || runFuzz();
  const noticed = only === 'examples' || runMutations();
  return Math.max(Number(!passed || !isNewestFine || !held || !noticed), runExamples());
};

const runExamples = (): number => {
  if (!existsSync(EXAMPLES)) {
    console.error(`the examples of scikit-learn are not installed (${EXAMPLES}; Debian: apt-get install python-sklearn-doc)`);
    return 2;
  }
  const match = process.argv.includes('--match') ? process.argv[process.argv.indexOf('--match') + 1] : undefined;
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(EXAMPLES, folder))
      .filter((name) => name.endsWith('.py'))
      .sort()
      .map((name) => join(EXAMPLES, folder, name))
      .filter((path) => match === undefined || path.includes(match)),
  );
  const rows = files.map((file, index) => {
    const row = tryExample(file);
    console.error(`${index + 1}/${files.length} ${row.example}: ${row.plain}; ${row.recorded}; replay ${row.replay} ${row.because}`);
    return row;
  });
  if (match !== undefined) return 0;
  const tally = Object.entries(count(rows))
    .map(([kind, number]) => `${kind} ${number}`)
    .join(', ');
  writePart(
    "scikit-learn's own examples, unchanged",
    `${whenAndWhere()}\n${versions()}.\n\nDebian's package python-sklearn-doc (examples of scikit-learn 1.2.1), folders ${FOLDERS.join(', ')}. Each example ran plain, then recorded, then was replayed. What they show on a screen is saved by a backend of matplotlib that a variable chooses. A replay is undecided where an example leaves no figure, text or metric. Old examples that the installed library no longer supports fail alike with and without trainlock.\n\nReplays: ${tally}.\n\n${table(rows)}`,
  );
  const ours = rows.filter((row) => row.recorded.startsWith('exit') || row.recorded.includes('OTHER'));
  return ours.length > 0 ? 1 : 0;
};

const count = (rows: readonly Row[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[row.replay] = (counts[row.replay] ?? 0) + 1;
  return counts;
};

process.exitCode = main();
