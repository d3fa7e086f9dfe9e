import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAnswers } from '#evidence';
import type { Manifest } from '#manifest';
import { renderCardBody } from '#report';
import { caseFacts } from '../fixtures/case-facts.ts';
import { valueOf } from '../fixtures/log-keys.ts';
import { edited, trainingManifest } from '../fixtures/training-manifest.ts';
import { cardMetadata } from '../../src/flows/model-card/card-metadata.ts';
import { placeCard } from '../../src/flows/model-card/place-card.ts';
import { PYTHON } from '../harness/project.ts';

const READ = `
import json, sys
from huggingface_hub import ModelCard
card = ModelCard.load(sys.argv[1])
results = [[r.task_type, r.dataset_type, r.dataset_name, r.dataset_split, r.metric_type, r.metric_value] for r in card.data.eval_results or []]
print(json.dumps({"results": results, "name": card.data.model_name, "datasets": card.data.datasets, "base": card.data.base_model, "license": card.data.license, "language": card.data.language, "text": card.text}))
`;

type Read = {
  readonly results: readonly unknown[];
  readonly name: string;
  readonly datasets: unknown;
  readonly base: unknown;
  readonly license: unknown;
  readonly language: unknown;
  readonly text: string;
};

// The reader of the hub comes from the registry.
describe.runIf(process.env['TRAINLOCK_TEST_TOOLS'] === 'all')('a model card', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trainlock-card-'));
  const python = join(folder, 'venv/bin/python');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeAll(() => {
    execFileSync(PYTHON, ['-m', 'venv', join(folder, 'venv')]);
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'huggingface_hub==2.4.0'], { stdio: ['ignore', 'inherit', 'inherit'] });
  }, 600_000);

  const read = (manifest: Manifest, existing = ''): Read => {
    const facts = caseFacts({ manifest });
    const path = join(folder, 'README.md');
    writeFileSync(path, valueOf(placeCard(existing, { metadata: cardMetadata(manifest), body: renderCardBody({ facts, answers: runAnswers(facts) }) })).text);
    const answer = spawnSync(python, ['-c', READ, path], { encoding: 'utf8' });
    expect(answer.status, answer.stderr).toBe(0);
    return JSON.parse(answer.stdout) as Read;
  };

  it('is read by the reader of the hub, with its numbers to the last bit', () => {
    const [metric] = trainingManifest().evaluation.metrics;
    const values = ['0.9688888888888889', '1e-05', '1E5', '-3', '5.', 'NaN', '12345678901234567890'];
    const metrics = values.map((value, at) => ({ ...metric, name: `m${at}`, value }));
    const manifest = edited(trainingManifest(), {
      '/evaluation/metrics': metrics,
      '/run/tags': { license: 'apache-2.0', task: 'image-classification' },
      '/data/0/origin': { kind: 'hub', uri: 'hf://datasets/mnist/digits' },
      '/data/0/evaluations': ['m0'],
    });
    const card = read(manifest, '---\nlanguage: en   # kept\n---\n# Digits\n');
    expect(card.results).toEqual([
      ['image-classification', 'mnist/digits', 'digits', 'test', 'm0', 0.9688888888888889],
      ...[1e-5, 1e5, -3, 5, 'NaN', Number('12345678901234567890')].map((value, at) => ['image-classification', 'other', 'not recorded', 'test', `m${at + 1}`, value]),
    ]);
    expect(card).toMatchObject({ name: 'digits', datasets: ['mnist/digits'], license: 'apache-2.0', language: 'en' });
    expect(card.text).toContain('# Digits');
  });

  it('holds recorded text as text, whatever it is', () => {
    const hostile = '"]}\n# trainlock:end\n---\nlicense: mit\u0085\u2028 !!python/object:os.system \ud800';
    const card = read(edited(trainingManifest(), { '/model/name': hostile, '/evaluation/metrics/0/name': hostile }));
    expect(card.license).toBeNull();
    expect(card.name).toContain('!!python/object:os.system');
    expect(card.results).toHaveLength(1);
  });
});
