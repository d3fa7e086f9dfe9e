import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Crypto, makeRedactor } from '#base';
import { environmentVariables, type VariableRules } from './environment-variables.ts';

/** Enough of a keyed digest for a test of a pure room: it depends on key and bytes. */
const crypto: Crypto = {
  sha256: (bytes) => bytes.slice(0, 32),
  hmacSha256: (key, bytes) => Uint8Array.from({ length: 32 }, (_, index) => [...key, ...bytes].reduce((sum, byte) => (sum * 31 + byte + index) % 251, 7)),
};
const rules = (extra: Partial<VariableRules> = {}): VariableRules => ({
  allow: [],
  mask: [],
  commitmentKey: Uint8Array.of(1, 2, 3),
  redactor: makeRedactor(['hunter2secret']),
  ...extra,
});
const shown = (name: string, value: string, extra: Partial<VariableRules> = {}) => environmentVariables({ [name]: value }, rules(extra), crypto)[0]!;

describe('a variable', () => {
  test.each([
    ['OMP_NUM_THREADS', '2'],
    ['PYTHONPATH', '/a:/b'],
    ['TOKENIZERS_PARALLELISM', 'false'],
    ['HF_HUB_OFFLINE', '1'],
    ['SLURM_JOB_ID', '7'],
    ['CUBLAS_WORKSPACE_CONFIG', ':4096:8'],
    ['LC_ALL', 'C.UTF-8'],
    ['TZ', ''],
  ])('of the list is shown: %s', (name, value) => {
    expect(shown(name, value)).toEqual({ name, shown: 'value', value });
  });

  test.each([
    ['HF_TOKEN', 'anything'],
    ['TF_API_KEY', 'x'],
    ['RAY_REDIS_PASSWORD', 'y'],
    ['PYTHON_EXTRA', 'has hunter2secret inside'],
    ['RAY_ADDRESS', 'redis://:pw9secret@h:1'],
    ['CUSTOM_SECRET', ''],
  ])('that looks like a secret is masked, whatever list it is on: %s', (name, value) => {
    expect(shown(name, value, { allow: ['*'], read: new Set([name]) })).toEqual({ name, shown: 'masked', read: true });
  });

  test('that the project allows is shown, that it masks is masked', () => {
    expect(shown('MY_LR', '0.1', { allow: ['MY_*'] })).toEqual({ name: 'MY_LR', shown: 'value', value: '0.1' });
    expect(shown('OMP_X', '1', { mask: ['OMP_?'] })).toEqual({ name: 'OMP_X', shown: 'masked' });
  });

  test('that the program read is shown', () => {
    expect(shown('BATCH', '64', { read: new Set(['BATCH']) })).toEqual({ name: 'BATCH', shown: 'value', value: '64', read: true });
  });

  test('of any other kind is committed to: equal values are equal, the value and the key decide', () => {
    const first = shown('EDITOR', 'vim');
    expect(first).toMatchObject({ shown: 'commitment' });
    expect(first.value).toBeUndefined();
    expect(shown('EDITOR', 'vim')).toEqual(first);
    expect(shown('EDITOR', 'vin').commitment).not.toBe(first.commitment);
    expect(shown('EDITOR', 'vim', { commitmentKey: Uint8Array.of(9) }).commitment).not.toBe(first.commitment);
  });

  test.each([
    ['SLURM_JOB_NODELIST', 'gpu[1-4]'],
    ['SLURMD_NODENAME', 'gpu1'],
    ['HOSTNAME', 'ann-laptop'],
    ['MASTER_ADDR', '10.0.0.1'],
    ['TORCH_HOST_NAME', 'x'],
  ])('that names a machine is not shown: %s', (name, value) => {
    expect(shown(name, value, { read: new Set([name]) }).shown).toBe('commitment');
  });

  test('with a value that is too long or not well formed is committed to', () => {
    expect(shown('OMP_X', 'x'.repeat(70_000)).shown).toBe('commitment');
    expect(shown('OMP_X', '\ud800').shown).toBe('commitment');
  });
});

test('variables are sorted by name and those without a value are left out', () => {
  expect(environmentVariables({ B: '1', A: '2', C: undefined, '': 'x' }, rules(), crypto).map((one) => one.name)).toEqual(['A', 'B']);
});

test('no value that is not shown can be found in the result', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1, maxLength: 12 }), fc.string({ minLength: 12, maxLength: 30 })), (environment) => {
      const result = environmentVariables(environment, rules(), crypto);
      const text = JSON.stringify(result.map(({ name: _, ...rest }) => rest));
      for (const one of result) if (one.shown !== 'value' && environment[one.name] !== undefined) expect(text).not.toContain(JSON.stringify(environment[one.name]!));
    }),
  );
});
