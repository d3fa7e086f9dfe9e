import { join, resolve } from 'node:path';
import { escapeControl, type Problem, TrainlockError } from '#base';
import { type Policy, readPolicy } from '#approval';
import { nodeCrypto, readBoundedIfThere } from '#files';

export type PolicyPlace = {
  readonly projectRoot: string;
  readonly workingDirectory: string;
  /** A file in place of that of the project. */
  readonly file?: string;
  /** A revision of the repository whose policy counts, in place of the one that lies in the folder. */
  readonly base?: string;
};

export type PolicyFile = { readonly path: string } & ({ readonly kind: 'read'; readonly policy: Policy } | { readonly kind: 'invalid'; readonly problems: readonly Problem[] });

export const MAX_POLICY = 1024 * 1024;

/**
 * The policy of a project, a named one, or that of a revision. Throws TL0001 for two at once, TL0002 for a named file that is not there, TL1302
 * where there is none, TL1701 and TL1703 for a revision.
 */
export const policyFile = async (place: PolicyPlace): Promise<PolicyFile> => {
  const { projectRoot, file, base } = place;
  if (base !== undefined) {
    if (file !== undefined) throw new TrainlockError('TL0001', 'one policy counts: that of a file, or that of a revision', { fix: 'leave --policy or --base away' });
    return (await import('./policy-at-base.ts')).policyAtBase(projectRoot, base);
  }
  const found = await policyIfThere(place);
  if (found !== undefined) return found;
  throw new TrainlockError('TL1302', 'the project has no policy, so nothing says who may approve what', {
    where: policyPathOf(place),
    fix: 'trainlock policy new --person NAME --person NAME',
  });
};

const policyPathOf = ({ projectRoot, workingDirectory, file }: PolicyPlace): string =>
  file === undefined ? join(projectRoot, '.trainlock', 'policy.yaml') : resolve(workingDirectory, file);

/** The same; undefined where the project has none. Throws TL0002 for one that cannot be read, and for a named file that is not there: whoever names rules wants them to count. */
export const policyIfThere = async (place: PolicyPlace): Promise<PolicyFile | undefined> => {
  const path = policyPathOf(place);
  const bytes = await readBoundedIfThere(path, MAX_POLICY);
  if (bytes !== undefined) return policyOf(path, bytes);
  if (place.file === undefined) return undefined;
  throw new TrainlockError('TL0002', `cannot read ${escapeControl(place.file)}: it does not exist`, { where: path });
};

/** What bytes are as a policy. */
export const policyOf = (path: string, bytes: Uint8Array): PolicyFile => {
  const reading = readPolicy(bytes, nodeCrypto);
  return reading.kind === 'accepted' ? { path, kind: 'read', policy: reading.value } : { path, kind: 'invalid', problems: reading.problems };
};

/** The policy itself. Throws like policyFile, and TL1301 where it cannot be understood: then nobody may do anything. */
export const policyHere = async (place: PolicyPlace): Promise<{ readonly path: string; readonly policy: Policy }> => understood(await policyFile(place));

/** A policy that was understood. Throws TL1301. */
export const understood = (file: PolicyFile): Extract<PolicyFile, { readonly kind: 'read' }> => {
  if (file.kind === 'read') return file;
  throw notUnderstood(file);
};

/** Nobody may do anything by a policy that is not understood. */
const notUnderstood = (file: Extract<PolicyFile, { readonly kind: 'invalid' }>): TrainlockError =>
  new TrainlockError('TL1301', 'the policy cannot be understood, so it allows nothing', {
    where: file.path,
    notes: file.problems.slice(0, 5).map(({ line, pointer, message }) => `${line === undefined ? '' : `line ${line}: `}${pointer === '' ? '' : `${pointer}: `}${message}`),
    fix: 'trainlock policy lint',
  });

/** Whether the policy of a project says that one person does everything; no where there is none, or it cannot be understood. Throws TL0002. */
export const soloHere = async ({ projectRoot, workingDirectory }: Pick<PolicyPlace, 'projectRoot' | 'workingDirectory'>): Promise<boolean> => {
  const file = await policyIfThere({ projectRoot, workingDirectory });
  return file?.kind === 'read' && file.policy.isSolo;
};
