import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeProject, type TestProject } from '../harness/project.ts';

/** A project whose trust file has one root, pinned here, and lists the key that signs runs with a role. */
const withTrust = (role: string): TestProject => {
  const project = makeProject({ 'train.py': 'open("model.pt", "w").write("weights")\n' });
  const done = (...args: readonly string[]): string => {
    const answer = project.trainlock(args);
    expect(answer.status, answer.stderr).toBe(0);
    return answer.stdout;
  };
  done('run', '--name', 'first', '--', 'python', 'train.py');
  done('keys', 'new', 'root', '--purpose', 'root');
  writeFileSync(join(project.folder, '..', 'default.pub'), done('keys', 'export', 'default'));
  done('trust', 'new', '--root', 'root');
  done('trust', 'pin', '--yes');
  done('trust', 'add', 'ann', '--public-key', '../default.pub', '--role', role, '--type', 'training-run');
  return project;
};

describe('a trust file that is pinned', () => {
  it('A08 does not make an auditor a signer', () => {
    const answer = withTrust('auditor').trainlock(['verify', 'first']);
    expect(answer.stdout).toMatch(/^trust +broken +the key [0-9a-f]{12}\S+ of ann does not have the role signer: version [0-9] of the trust file gives auditor$/m);
    expect(answer.status).toBe(1);
  });

  it('makes a signer one', () => {
    expect(withTrust('signer').trainlock(['verify', 'first']).status).toBe(0);
  });

  it('A08 is not pinned by a file that the project itself brings', () => {
    const project = withTrust('signer');
    const pin = join(project.env['HOME']!, '.config/trainlock/trust-pin.json');
    const question = (file: string) => project.trainlock(['verify', 'first', '--trust', file]);
    cpSync(pin, join(project.folder, '..', 'pin.json'));
    expect(question('../pin.json').status).toBe(0);
    mkdirSync(join(project.folder, 'ops'));
    cpSync(pin, join(project.folder, 'ops/pin.json'));
    const answer = question('ops/pin.json');
    expect(answer.status).toBe(3);
    expect(answer.stderr).toContain('error[TL1202]: a pin file inside the project says nothing by itself: whoever can change the project could have written it');
  });
});
