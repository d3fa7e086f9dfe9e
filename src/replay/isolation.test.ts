import { mkdtempSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bubblewrapWords, outsidePath, shadowOf } from './bubblewrap.ts';
import { offlineEnvironment } from './offline-switches.ts';
import { mappedPath, mappedText, recordedRoots } from './recorded-paths.ts';

describe('bubblewrapWords', () => {
  const words = bubblewrapWords({
    openNetwork: false,
    shadows: [
      { inside: '/home/ann/.cache', scratch: '/s/cache', entries: [{ name: 'fonts', isLink: false }] },
      {
        inside: '/home/ann',
        scratch: '/s/home',
        entries: [
          { name: '.cache', isLink: false },
          { name: 'model', isLink: false },
          { name: 'link', isLink: true },
        ],
      },
    ],
    work: { outside: '/w', inside: '/home/ann/model' },
    readOnly: [{ outside: '/home/ann/model/.venv', inside: '/home/ann/model/.venv' }],
    writable: [{ outside: '/r', inside: '/home/ann/model/.trainlock/runs/1' }],
    workingDirectory: '/home/ann/model/src',
  }).join(' ');

  it('lays outer folders before inner ones and the work folder over all shadows', () => {
    const order = [
      '--ro-bind / /',
      '--bind /s/home /home/ann',
      '--ro-bind-try /home/ann/model',
      '--bind /s/cache /home/ann/.cache',
      '--bind /w /home/ann/model',
      '--ro-bind /home/ann/model/.venv',
      '--bind /r',
    ].map((text) => words.indexOf(text));
    expect(order.every((at) => at >= 0)).toBe(true);
    expect([...order].sort((a, b) => a - b)).toEqual(order);
  });

  it('cuts the network off and starts where the run started', () => {
    expect(words).toContain('--unshare-net');
    expect(words).toMatch(/--chdir \/home\/ann\/model\/src --$/);
  });

  it('shows links as links, for one program after the other, and no entry twice', async () => {
    const [inside, scratch] = [mkdtempSync(join(tmpdir(), 'shadow-')), mkdtempSync(join(tmpdir(), 'scratch-'))];
    onTestFinished(() => [inside, scratch].forEach((folder) => rmSync(folder, { recursive: true })));
    symlinkSync('/data', join(inside, 'link'));
    const shadow = {
      inside,
      scratch,
      entries: [{ name: 'link', isLink: true }],
    };
    expect(await shadowOf(inside, scratch, [])).toEqual(shadow);
    expect(readlinkSync(join(scratch, 'link'))).toBe('/data');
    expect(await shadowOf(inside, scratch, [])).toEqual(shadow);
    expect(words).not.toContain('/home/ann/link');
    expect(words).not.toContain('--ro-bind-try /home/ann/.cache ');
  });
});

describe('paths', () => {
  it('tells where a seen path lies outside', () => {
    const binds = [
      { outside: '/w', inside: '/p' },
      { outside: '/p/.venv', inside: '/p/.venv' },
    ];
    expect([outsidePath('/p/a', binds), outsidePath('/p/.venv/x', binds), outsidePath('/pp', binds)]).toEqual(['/w/a', '/p/.venv/x', '/pp']);
  });

  it('follows roots that stand on each other', () => {
    expect(recordedRoots({ run: { roots: { project: '${home}/model', home: '/home/ann', python: '${project}/.venv' } } } as never)).toEqual({
      home: '/home/ann',
      project: '/home/ann/model',
      python: '/home/ann/model/.venv',
    });
  });

  it.each([
    ['--data=/old/x.csv', '--data=/new/x.csv'],
    ['/old', '/new'],
    ['/older/x', '/older/x'],
    ['a/old/x', 'a/old/x'],
    ['/old/a:/lib:/old/b', '/new/a:/lib:/new/b'],
  ])('maps %s to %s', (from, to) => {
    expect(mappedText(from, [{ from: '/old', to: '/new' }])).toBe(to);
  });

  it('lets the longest entry of a map decide', () => {
    expect(
      mappedPath('/a/b/c', [
        { from: '/a', to: '/x' },
        { from: '/a/b', to: '/y' },
      ]),
    ).toBe('/y/c');
  });
});

describe('offlineEnvironment', () => {
  it('turns trackers off, takes servers away and keeps what was stricter', () => {
    const env = offlineEnvironment({ WANDB_MODE: 'disabled', MLFLOW_TRACKING_URI: 'http://tracker:5000', HF_ENDPOINT: 'http://hub', A: '1' }, { scratch: '/s', allowedHosts: [] });
    expect(env).toMatchObject({ WANDB_MODE: 'disabled', HF_HUB_OFFLINE: '1', MLFLOW_TRACKING_URI: 'file:///s/mlruns', http_proxy: 'http://127.0.0.1:9', NO_PROXY: '', A: '1' });
    expect(env['HF_ENDPOINT']).toBeUndefined();
  });
});
