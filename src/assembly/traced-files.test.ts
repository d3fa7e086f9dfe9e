import { describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import { readEvents } from './read-events.ts';
import { tracedFiles } from './traced-files.ts';

const log = (...events: readonly object[]) => readEvents('0.jsonl', utf8(events.map((event, seq) => `${JSON.stringify({ seq, timeUs: seq, ...event })}\n`).join('')));
const files = (...events: readonly object[]) =>
  Object.fromEntries(tracedFiles([log(...events)], []).map((file) => [file.path, { readFirst: file.readFirst, read: file.read, written: file.written }]));

describe('files of a run', () => {
  it.each([
    ['a file that is read is an input', [{ kind: 'open', path: '/d', mode: 'r' }], { '/d': { readFirst: true, read: true, written: false } }],
    [
      'a file that is written and read back is no input',
      [
        { kind: 'open', path: '/d', mode: 'w' },
        { kind: 'open', path: '/d', mode: 'r' },
      ],
      { '/d': { readFirst: false, read: true, written: true } },
    ],
    [
      'a file that is read and then written is both',
      [
        { kind: 'open', path: '/d', mode: 'r' },
        { kind: 'open', path: '/d', mode: 'w' },
      ],
      { '/d': { readFirst: true, read: true, written: true } },
    ],
    ['a new file opened for both is no input', [{ kind: 'open', path: '/d', mode: 'rw', existed: false }], { '/d': { readFirst: false, read: true, written: true } }],
    [
      'a file written beside and renamed is an output under its last name',
      [
        { kind: 'open', path: '/d.tmp', mode: 'w' },
        { kind: 'rename', from: '/d.tmp', to: '/d' },
      ],
      { '/d': { readFirst: false, read: false, written: true } },
    ],
    [
      'a renamed folder takes its files along',
      [
        { kind: 'open', path: '/a/x', mode: 'w' },
        { kind: 'rename', from: '/a', to: '/b' },
      ],
      { '/b/x': { readFirst: false, read: false, written: true } },
    ],
    [
      'a file that is removed is forgotten',
      [
        { kind: 'open', path: '/d', mode: 'w' },
        { kind: 'remove', path: '/d' },
      ],
      {},
    ],
  ])('%s', (_, events, expected) => {
    expect(files(...events)).toEqual(expected);
  });

  it('an open descriptor found later is told by the way it was seen', () => {
    expect(tracedFiles([log({ kind: 'open', path: '/d', mode: 'r' })], [{ path: '/d', written: false, reader: 'descriptor' }])[0]!.readers).toEqual(['audit', 'descriptor']);
  });
});
