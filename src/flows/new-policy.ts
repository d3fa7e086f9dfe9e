/** Writes a policy to begin with. */
import { join } from 'node:path';
import { utf8, TrainlockError } from '#base';
import { initialPolicy, lintPolicy, type LintFinding, readPolicy, type Team } from '#approval';
import { makeFolder, nodeCrypto, readBoundedIfThere, writeOnce } from '#files';

export type NewPolicyOptions = Team & { readonly projectRoot: string; /** Only say what would be written. */ readonly dryRun: boolean };

export type NewPolicy = { readonly path: string; readonly text: string; readonly findings: readonly LintFinding[] };

/** Throws TL0001 where there is a policy already, or for names that make none; TL0003. */
export const newPolicy = async ({ projectRoot, dryRun, ...team }: NewPolicyOptions): Promise<NewPolicy> => {
  const path = join(projectRoot, '.trainlock', 'policy.yaml');
  const text = initialPolicy(team);
  const reading = readPolicy(utf8(text), nodeCrypto);
  if (reading.kind === 'rejected') {
    throw new TrainlockError('TL0001', `this makes no policy: ${reading.problems[0]!.message}`, { fix: 'trainlock policy new --person ann@example.com --person ben@example.com' });
  }
  if ((await readBoundedIfThere(path, 1024 * 1024)) !== undefined)
    throw new TrainlockError('TL0001', 'there is a policy already', { where: path, fix: 'change it with an editor: trainlock policy lint' });
  if (!dryRun) {
    await makeFolder(join(projectRoot, '.trainlock'));
    if (!(await writeOnce(path, utf8(text))))
      throw new TrainlockError('TL0001', 'something lies in place of the policy, and nothing is written through it', { where: path, fix: 'look at it, then remove it' });
  }
  return { path, text, findings: lintPolicy(reading.value) };
};
