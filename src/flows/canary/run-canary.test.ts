import { describe, expect, it } from 'vitest';
import { runCanary } from './run-canary.ts';

const ask = (command: readonly string[]): ReturnType<typeof runCanary> =>
  runCanary({ command, inputs: { name: 'x.csv', bytes: Buffer.from('a\n1\n') }, model: '/dev/null', workingDirectory: '/', env: { PATH: process.env['PATH'] }, seconds: 20 });

describe('runCanary', () => {
  it('gives what it printed', async () => {
    expect(await ask(['cat', '{inputs}'])).toMatchObject({ kind: 'gave', bytes: Buffer.from('a\n1\n') });
  });

  it.each([
    ['a program that is not there', ['/no/such/program'], /cannot be started/],
    ['a zero byte', ['cat', 'a\0b'], /cannot be started/],
    ['more arguments than the system takes', ['cat', 'x'.repeat(4 * 1024 * 1024)], /cannot be started/],
    ['a model that it does not have', ['false'], /ended with 1/],
    ['predictions that it did not write', ['true', '{outputs}'], /without predictions/],
  ])('%s fails and throws nothing', async (_, command, because) => {
    const answer = await ask(command);
    expect(answer).toMatchObject({ kind: 'failed' });
    expect(answer.kind === 'failed' ? answer.because : '').toMatch(because);
  });
});
