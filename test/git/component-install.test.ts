import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { makeProject } from '../harness/project.ts';

describe('the component of GitLab', () => {
  it('installs into a new folder each time, which nobody else may write', () => {
    const project = makeProject({
      'bin/npm':
        '#!/bin/sh\nmkdir -p node_modules/.bin; printf "#!/bin/sh\\npwd -P; stat -c %%a \'$PWD\'\\n" > node_modules/.bin/trainlock; chmod +x node_modules/.bin/trainlock\n',
      'temp/trainlock/node_modules/.bin/trainlock': '#!/bin/sh\necho planted\n',
      '.npmrc': 'registry=http://127.0.0.1:1/\n',
    });
    for (const file of ['bin/npm', 'temp/trainlock/node_modules/.bin/trainlock']) chmodSync(join(project.folder, file), 0o755);
    const jobs = parseAllDocuments(readFileSync('templates/check.yml', 'utf8'))[1]!.toJS() as Record<string, Record<string, string[]>>;
    const lines = jobs['trainlock-check']!['before_script']!;
    expect(lines.join('\n')).not.toContain('/tmp/');
    const env = { PATH: `${project.folder}/bin:${process.env['PATH']}`, TMPDIR: join(project.folder, 'temp'), TRAINLOCK_VERSION: '0.1.0' };
    const used = [1, 2].map(() => {
      const answer = spawnSync('sh', ['-c', `set -e\numask 000\n${[...lines, 'trainlock', 'command -v trainlock'].join('\n')}`], { cwd: project.folder, env, encoding: 'utf8' });
      expect(answer.status, answer.stderr).toBe(0);
      const [folder = '', mode, program = ''] = answer.stdout.trim().split('\n');
      expect([folder, mode]).toEqual([project.folder, '700']);
      return program;
    });
    for (const program of used) expect(program).toMatch(/\/temp\/tmp\.[^/]+\/node_modules\/\.bin\/trainlock$/);
    expect(new Set(used).size).toBe(2);
  });
});
