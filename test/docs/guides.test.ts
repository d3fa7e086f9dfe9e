import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLI, makeProject } from '../harness/project.ts';

type Block = { readonly language: string; readonly file: string | undefined; readonly text: string };

const blocksOf = (markdown: string): readonly Block[] =>
  [...markdown.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)].map(([, language, file, text]) => ({ language: language!, file, text: text! }));

const guides = readdirSync('docs/guides').filter((name) => name.endsWith('.md'));

describe('the guides', () => {
  it.each(guides)('%s: every command in it works in the order in which it stands', (name) => {
    const project = makeProject();
    const bin = join(project.folder, '..', 'bin');
    project.write({ '../bin/trainlock': `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n` });
    chmodSync(join(bin, 'trainlock'), 0o755);
    const env = { ...project.env, PATH: `${bin}:${project.env['PATH']}` };
    for (const block of blocksOf(readFileSync(join('docs/guides', name), 'utf8'))) {
      if (block.file !== undefined) writeFileSync(join(project.folder, block.file), block.text);
      if (block.language !== 'console') continue;
      for (const line of block.text.split('\n').filter((one) => one.startsWith('$ '))) {
        const answer = spawnSync('sh', ['-c', line.slice(2)], { cwd: project.folder, env, encoding: 'utf8', input: '' });
        expect(answer.status, `${line}\n${answer.stdout}${answer.stderr}`).toBe(0);
      }
    }
  });
});
