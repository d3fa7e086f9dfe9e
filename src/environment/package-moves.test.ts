import { describe, expect, it } from 'vitest';
import { distribution } from '../../test/fixtures/training-manifest.ts';
import { packageMoves } from './package-moves.ts';

const RECORDED = [
  distribution('asked', '1.0', { relation: 'direct', imported: true }),
  distribution('below', '1.9', { relation: 'transitive', imported: true }),
  distribution('aside', '1.0', { relation: 'unrelated', imported: false }),
];

const moved = (versions: Readonly<Record<string, string>>, recorded = RECORDED): readonly string[] =>
  packageMoves({ recorded, resolved: Object.entries(versions).map(([name, version]) => ({ name, version })), asked: new Set(['asked']) }).map(
    ({ name, from, to, why, direction, severity }) => `${severity} ${name} ${from ?? '-'} ${to ?? '-'} ${direction} ${why}`,
  );

const SAME = { asked: '1.0', below: '1.9', aside: '1.0' };

describe('packageMoves', () => {
  it.each<readonly [string, Readonly<Record<string, string>>, readonly string[]]>([
    ['nothing moves', SAME, []],
    ['what is asked for', { ...SAME, asked: '1.1' }, ['medium asked 1.0 1.1 newer asked']],
    ['another major version', { ...SAME, asked: '2.0' }, ['high asked 1.0 2.0 newer asked']],
    ['back', { ...SAME, asked: '0.9' }, ['high asked 1.0 0.9 older asked']],
    ['what must move with it stands behind it', { ...SAME, asked: '1.1', below: '2.0' }, ['medium asked 1.0 1.1 newer asked', 'high below 1.9 2.0 newer pulled-along']],
    ['what the run did not need', { ...SAME, aside: '2.0' }, ['low aside 1.0 2.0 newer pulled-along']],
    ['a new one', { ...SAME, fresh: '1.0' }, ['medium fresh - 1.0 new pulled-along']],
    ['one that was imported and is gone', { asked: '1.0', aside: '1.0' }, ['high below 1.9 - gone left-out']],
    ['versions without an order', { ...SAME, asked: '1.0+cu12' }, ['medium asked 1.0 1.0+cu12 other asked']],
    ['something that is no version', { ...SAME, asked: 'main' }, ['high asked 1.0 main other asked']],
  ])('%s', (_, versions, expected) => expect(moved(versions)).toEqual(expected));

  it('takes everything as new where nothing was recorded', () => expect(moved({ below: '1.0' }, [])).toEqual(['medium below - 1.0 new pulled-along']));
});
