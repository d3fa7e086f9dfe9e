/** The policy of a revision: a change is judged by the policy that was there before it, whatever the change makes of it. */
import { escapeControl, TrainlockError } from '#base';
import { type Side, sidesOf } from '../git-check/side-of.ts';
import { pathInRepository, type Repository, repositoryOf } from '../git/repository.ts';
import { commitOf } from '../git/revisions.ts';
import { MAX_POLICY, type PolicyFile, policyOf } from './policy-file.ts';

/** Bytes come from git, not from the working folder. Throws TL1302 where the revision has none, TL1701, TL1703. */
export const policyAtBase = async (projectRoot: string, revision: string): Promise<PolicyFile> => {
  const repository = await repositoryOf(projectRoot);
  const commit = await commitOf(repository, revision);
  const { side, end } = sidesOf(repository);
  try {
    const found = await policyOfSide(side({ kind: 'tree', id: commit }), await projectIn(repository, projectRoot), revision);
    if (found !== undefined) return found;
    throw new TrainlockError('TL1302', `${escapeControl(revision)} has no policy, so nothing says who may approve what`, {
      where: `${escapeControl(revision)} (${commit.slice(0, 12)})`,
      fix: 'bring a policy to that branch first: trainlock policy new --person NAME --person NAME',
    });
  } finally {
    end();
  }
};

/** The folder of a project as git names it, with a slash at the end; empty at the top. Throws TL1701 for one that lies elsewhere. */
export const projectIn = async (repository: Repository, projectRoot: string): Promise<string> => {
  const inside = await pathInRepository(repository, projectRoot);
  if (inside === undefined) throw new TrainlockError('TL1701', 'the project lies outside its repository', { where: projectRoot });
  return inside === '' ? '' : `${inside}/`;
};

/** The policy of a project in one state; undefined if there is none. A link in its place is none that can be understood. */
export const policyOfSide = async (side: Side, project: string, revision: string): Promise<PolicyFile | undefined> => {
  const place = `${project}.trainlock/policy.yaml`;
  const path = `${revision}:${place}`;
  const file = (await side.below([place])).get(place);
  if (file === undefined) return undefined;
  const bytes = await side.bytes(file, MAX_POLICY);
  return bytes === undefined ? { path, kind: 'invalid', problems: [{ pointer: '', message: 'it is no file that can be read' }] } : policyOf(path, bytes);
};
