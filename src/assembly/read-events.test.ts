import { utf8 } from '#base';
import { describe, expect, it } from 'vitest';
import { cutText, readEvents } from './read-events.ts';

const line = (seq: number, rest: object): string => `${JSON.stringify({ seq, timeUs: 1, ...rest })}\n`;
const read = (text: string) => readEvents('0.jsonl', utf8(text));

describe('an event log', () => {
  it('is complete when every line is there', () => {
    const log = read(line(0, { kind: 'list', path: '/a' }) + line(1, { kind: 'end' }));
    expect(log).toMatchObject({ lines: 2, complete: true });
    expect(log.events.map((event) => event.kind)).toEqual(['list', 'end']);
  });

  it.each([
    ['the last line is cut', line(0, { kind: 'list', path: '/a' }) + '{"seq":1,"ti'],
    ['a line is missing', line(1, { kind: 'list', path: '/a' })],
    ['a line is not JSON', `${line(0, { kind: 'list', path: '/a' })}garbage\n`],
    ['a kind is unknown', line(0, { kind: 'list', path: '/a' }) + line(1, { kind: 'telepathy' })],
    ['a key occurs twice', `${line(0, { kind: 'list', path: '/a' })}{"seq":1,"timeUs":1,"kind":"end","kind":"end"}\n`],
    ['a member is not known', line(0, { kind: 'list', path: '/a' }) + line(1, { kind: 'end', surprise: 1 })],
  ])('is told as incomplete, with the rest kept, when %s', (_, text) => {
    const log = read(text);
    expect(log.complete).toBe(false);
    expect(log.events).toHaveLength(1);
  });
});

it('cuts text without breaking a character', () => {
  expect(cutText('äöü', 3)).toBe('ä…');
  expect(cutText('abc', 3)).toBe('abc');
});
