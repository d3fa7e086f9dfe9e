import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLI, has, makeProject, PYTHON } from '../harness/project.ts';
import { blocksOf, commandsOf, missingLines } from './blocks.ts';

const guides = readdirSync('docs/guides').filter((name) => name.endsWith('.md'));

/** What commands of a guide import beside the standard library. */
const MODULES: Readonly<Record<string, readonly string[]>> = { 'data.md': ['pandas', 'pyarrow'] };

describe('the guides', () => {
  it.each(guides.filter((name) => has(...(MODULES[name] ?? []))))('%s: every command in it works in the order in which it stands', (name) => {
    const project = makeProject({}, PYTHON);
    const bin = join(project.folder, '..', 'bin');
    project.write({ '../bin/trainlock': `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n` });
    chmodSync(join(bin, 'trainlock'), 0o755);
    const env = { ...project.env, PATH: `${bin}:${project.env['PATH']}` };
    for (const block of blocksOf(readFileSync(join('docs/guides', name), 'utf8'))) {
      if (block.file !== undefined) writeFileSync(join(project.folder, block.file), block.text);
      if (block.language !== 'console') continue;
      for (const { command, output } of commandsOf(block.text)) {
        const answer = spawnSync('sh', ['-c', command], { cwd: project.folder, env, encoding: 'utf8', input: '' });
        expect(answer.status, `${command}\n${answer.stdout}${answer.stderr}`).toBe(0);
        expect(missingLines(answer.stdout, output), `${command}\n${answer.stdout}`).toEqual([]);
      }
    }
  });
});
