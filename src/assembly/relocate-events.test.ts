import { describe, expect, it } from 'vitest';
import { outsidePath, relocateEvents } from './relocate-events.ts';

const mounts = [
  { inside: '/home/ann/model', outside: '/store/replays/1/work' },
  { inside: '/home/ann/model/data', outside: '/home/ann/model/data' },
];

describe('relocateEvents', () => {
  it.each([
    ['/home/ann/model/train.py', '/store/replays/1/work/train.py'],
    ['/home/ann/model/data/a.csv', '/home/ann/model/data/a.csv'],
    ['/home/ann/models', '/home/ann/models'],
    ['/usr/lib/x', '/usr/lib/x'],
  ])('finds %s at %s', (inside, outside) => {
    expect(outsidePath(inside, mounts)).toBe(outside);
  });

  it('moves every path of an event and nothing else', () => {
    const log = {
      file: '0.jsonl',
      lines: 2,
      complete: true,
      events: [
        { seq: 0, timeUs: 0, kind: 'open' as const, path: '/home/ann/model/a', mode: 'r' as const, site: { file: '/home/ann/model/train.py', function: '/home/ann/model/f' } },
        { seq: 1, timeUs: 0, kind: 'modules' as const, names: ['/home/ann/model'], files: ['/home/ann/model/b.py'] },
      ],
    };
    expect(relocateEvents([log], mounts)[0]!.events).toEqual([
      { seq: 0, timeUs: 0, kind: 'open', path: '/store/replays/1/work/a', mode: 'r', site: { file: '/store/replays/1/work/train.py', function: '/home/ann/model/f' } },
      { seq: 1, timeUs: 0, kind: 'modules', names: ['/home/ann/model'], files: ['/store/replays/1/work/b.py'] },
    ]);
  });
});
