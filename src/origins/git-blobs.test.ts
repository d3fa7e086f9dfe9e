import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GitBlobs } from './git-blobs.ts';

describe('objects of a repository', () => {
  const folder = mkdtempSync(join(tmpdir(), 'blobs-'));
  const git = (input: string | undefined, ...args: readonly string[]): string => spawnSync('git', ['-C', folder, ...args], { encoding: 'utf8', input }).stdout.trim();
  const ask = async (...oids: readonly string[]): Promise<readonly (string | undefined)[]> => {
    const blobs = new GitBlobs(folder);
    const answers: (string | undefined)[] = [];
    for (const oid of oids) answers.push((await blobs.bytes(oid, 1000))?.toString('utf8'));
    blobs.end();
    return answers;
  };

  it('are never the answer to another question, whatever an object holds', async () => {
    git(undefined, 'init', '-q');
    const [one, two] = [git('one', 'hash-object', '-w', '--stdin'), git('two\n', 'hash-object', '-w', '--stdin')];
    // What follows the header of a commit here looks like the answer to the next question.
    const forged = git(`x\n${two} blob 4\nevil\n${two} blob 4\nevil\n`, 'hash-object', '-w', '-t', 'commit', '--literally', '--stdin');
    const tree = git(`100644 blob ${one}\tone\n`, 'mktree');
    expect(forged).toMatch(/^[0-9a-f]{40}$/);
    expect(await ask(one, forged, two, tree, one, '0'.repeat(40), two)).toEqual(['one', undefined, 'two\n', undefined, 'one', undefined, 'two\n']);
    // An answer that is to no question that was asked ends the asking: nothing is believed after it.
    expect(await ask(one.slice(0, 12), one)).toEqual([undefined, undefined]);
    rmSync(folder, { recursive: true });
  });
});
