/** The page about a run on paper: however much was recorded, a browser prints it on one sheet of A4. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compareManifests } from '#diff';
import { runAnswers } from '#evidence';
import type { Manifest } from '#manifest';
import { renderRunReport } from '#report';
import { caseFacts, replayFact, verdictWith } from '../fixtures/case-facts.ts';
import { distribution, edited, trainingManifest } from '../fixtures/training-manifest.ts';

const LONG = 'a rather long text that somebody wrote about this model and its limits '.repeat(20);
const many = <T>(count: number, one: (at: number) => T): readonly T[] => Array.from({ length: count }, (_, at) => one(at));

/** As much as a record can hold of everything that is told. */
const fullManifest = (): Manifest => {
  const { evaluation, data } = trainingManifest();
  return edited(trainingManifest(), {
    '/run/purpose': LONG,
    '/run/command': many(60, () => '--some-option=value'),
    '/run/tags': Object.fromEntries(many(30, (at) => [`tag${at}`, 'some value'])),
    '/model': { name: LONG, owner: LONG, tier: LONG, intendedUse: LONG, limitations: many(20, () => LONG) },
    '/randomness/why': LONG,
    '/evaluation/metrics': many(40, (at) => ({ ...evaluation.metrics[0]!, name: `metric-number-${at}` })),
    '/evaluation/verdict': { kind: 'met', because: many(30, () => LONG) },
    '/data': many(30, (at) => ({ ...data[0]!, name: `dataset-${at}` })),
    '/dependencies/distributions': many(300, (at) => distribution(`package${at}`, '2')),
    '/environment/cpu': { model: LONG },
    '/capture/gaps': many(40, () => ({ about: '/data/a/long/pointer', reason: LONG })),
  });
};

/** A browser is much to ask of a machine: where there is none, this is left out. */
const hasBrowser = (): boolean => spawnSync('chromium', ['--version'], { stdio: 'ignore' }).status === 0;

describe.runIf(process.env['TRAINLOCK_TEST_TOOLS'] === 'all' && hasBrowser())('the page about a run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trainlock-sheet-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is printed on one sheet, with everything full', () => {
    const manifest = fullManifest();
    const { checks, ...verdict } = verdictWith({ outputs: 'broken' });
    const facts = caseFacts({
      manifest,
      verdict: { ...verdict, checks: checks.map((check) => ({ ...check, because: LONG })) },
      replays: many(20, (at) => replayFact({ outcome: at % 2 === 0 ? 'different' : 'not-counted', because: LONG })),
    });
    const baseline = { kind: 'run', run: { runId: 'one', manifestSha256: 'a', name: LONG }, how: 'named', comparison: compareManifests([trainingManifest(), manifest]) } as const;
    const [page, paper] = [join(folder, 'run.html'), join(folder, 'run.pdf')];
    writeFileSync(page, renderRunReport({ facts, answers: runAnswers(facts), baseline }, { format: 'html' }));
    const words = ['--headless', '--no-sandbox', '--disable-gpu', '--no-pdf-header-footer', `--user-data-dir=${folder}`, `--print-to-pdf=${paper}`, `file://${page}`];
    execFileSync('chromium', words, { stdio: 'ignore', timeout: 100_000 });
    const counts = [...readFileSync(paper, 'latin1').matchAll(/\/Count (\d+)/g)].map(([, count]) => Number(count));
    expect(Math.max(...counts)).toBe(1);
  });
});
