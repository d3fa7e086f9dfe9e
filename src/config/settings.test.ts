import { describe, expect, it } from 'vitest';
import { resolveSettings, type SettingSources } from './index.ts';

const everywhere: SettingSources = {
  flags: { logs: 'off' },
  env: { TRAINLOCK_LOGS: 'tee', TRAINLOCK_HASH: 'defer', TRAINLOCK_STORE: '' },
  project: { file: '/p/trainlock.yaml', config: { run: { logs: 'off', hash: 'now', trace: 'hooks' } } },
  user: { file: '/u/config.yaml', config: { run: { logs: 'auto', hash: 'now', trace: 'auto', entropy: 'observe' } } },
};

describe('resolveSettings', () => {
  it.each([
    ['a flag before everything', 'logs', { value: 'off', origin: { kind: 'flag', name: '--logs' } }],
    ['a variable before files', 'hash', { value: 'defer', origin: { kind: 'variable', name: 'TRAINLOCK_HASH' } }],
    ['the project before the user', 'trace', { value: 'hooks', origin: { kind: 'project', file: '/p/trainlock.yaml' } }],
    ['the user before the default', 'entropy', { value: 'observe', origin: { kind: 'user', file: '/u/config.yaml' } }],
    ['the default where nobody says anything, or an empty variable', 'store', { value: '.trainlock', origin: { kind: 'default' } }],
  ] as const)('takes %s', (_, name, setting) => {
    const settings = resolveSettings(everywhere);
    expect(settings.kind === 'accepted' && settings.value[name]).toEqual(setting);
  });

  it.each([
    ['1', true],
    ['True', true],
    ['no', false],
  ])('reads the variable %s as a boolean', (text, value) => {
    expect(resolveSettings({ flags: {}, env: { TRAINLOCK_DETERMINISTIC: text } })).toMatchObject({ value: { deterministic: { value } } });
  });

  it('tells every variable that says something unknown', () => {
    expect(resolveSettings({ flags: {}, env: { TRAINLOCK_LOGS: 'tea', TRAINLOCK_DETERMINISTIC: 'perhaps' } })).toEqual({
      kind: 'rejected',
      problems: [
        { pointer: '', message: "TRAINLOCK_LOGS is 'tea', but must be one of auto, off, tee", hint: 'did you mean tee?' },
        { pointer: '', message: "TRAINLOCK_DETERMINISTIC is 'perhaps', but must be one of 1, 0" },
      ],
    });
  });
});
