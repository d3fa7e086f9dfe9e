import { describe, expect, it } from 'vitest';
import { restoreEnvironment } from './restore-environment.ts';

const commit = (name: string, value: string): string => `${name}:${value}`;

describe('restoreEnvironment', () => {
  const restore = (fromCurrent: readonly string[] = []) =>
    restoreEnvironment(
      [
        { name: 'OMP_NUM_THREADS', shown: 'value', value: '2' },
        { name: 'DATA', shown: 'value', value: '/old/data' },
        { name: 'SAME', shown: 'commitment', commitment: 'SAME:x' },
        { name: 'OTHER', shown: 'commitment', commitment: 'OTHER:x', read: true },
        { name: 'HOME', shown: 'commitment', commitment: 'HOME:/elsewhere' },
        { name: 'HF_TOKEN', shown: 'masked' },
      ],
      { current: { OMP_NUM_THREADS: '8', SAME: 'x', OTHER: 'y', HOME: '/home/bob', HF_TOKEN: 't', NEW: '1' }, fromCurrent, commit, map: [{ from: '/old', to: '/new' }] },
    );

  it('gives recorded values, and values of now only where they are the recorded ones', () => {
    expect(restore().env).toEqual({ OMP_NUM_THREADS: '2', DATA: '/new/data', SAME: 'x', HOME: '/home/bob' });
  });

  it('says what cannot be given again, and whether the program read it', () => {
    expect(restore().missing.map(({ name, read }) => [name, read])).toEqual([
      ['OTHER', true],
      ['HF_TOKEN', false],
    ]);
  });

  it('takes what a person names from now, masked or not', () => {
    expect(restore(['HF_TOKEN', 'NEW']).env).toMatchObject({ HF_TOKEN: 't', NEW: '1' });
  });
});
