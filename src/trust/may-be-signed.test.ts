import { describe, expect, it } from 'vitest';
import { mayBeSigned } from './may-be-signed.ts';

const RUN = 'https://trainlock.dev/training-run/v0';

describe('mayBeSigned', () => {
  it.each<[string, readonly string[], string, boolean]>([
    ['the same type', [RUN], RUN, true],
    ['a later version of the same kind', [RUN], 'https://trainlock.dev/training-run/v1', true],
    ['an earlier version', ['https://trainlock.dev/training-run/v1'], RUN, true],
    ['a version that nobody knows', [RUN], 'https://trainlock.dev/training-run/v2', false],
    ['another version of an approval', ['https://trainlock.dev/approval/v0'], 'https://trainlock.dev/approval/v1', false],
    ['another kind', [RUN], 'https://trainlock.dev/approval/v0', false],
    ['another version of what is none of ours', ['https://slsa.dev/provenance/v1'], 'https://slsa.dev/provenance/v2', false],
    ['a host that only begins like ours', [RUN], 'https://trainlock.dev.example.com/training-run/v1', false],
    ['a deeper path', [RUN], 'https://trainlock.dev/training-run/x/v1', false],
    ['capitals', [RUN], 'https://trainlock.dev/Training-Run/v0', false],
    ['a version with more to it', [RUN], 'https://trainlock.dev/training-run/v1 ', false],
    ['nothing', [], RUN, false],
  ])('%s', (_, allowed, asked, expected) => {
    expect(mayBeSigned(allowed, asked)).toBe(expected);
  });
});
