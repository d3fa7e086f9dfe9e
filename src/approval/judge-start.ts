import { countOf } from '#base';
import type { Policy } from './policy.ts';

/** Whether something lies here as an approved record has it. */
export type Approved =
  | { readonly kind: 'approved'; /** The run whose record has it. */ readonly by: string }
  /** No approved record has it so; `because` says how the newest differs. */
  | { readonly kind: 'other'; readonly because: string }
  | { readonly kind: 'unknown'; readonly because: string };

export type StartQuestion = {
  /** What the run is for. */
  readonly purpose?: string;
  /** Names of whoever starts it. */
  readonly starters: readonly string[];
  readonly repository: { readonly kind: 'clean' } | { readonly kind: 'dirty'; readonly changedFiles: number } | { readonly kind: 'none' | 'unknown'; readonly because: string };
  readonly data: Approved;
  readonly software: Approved;
};

/** Something for which a run may not be started, and how to mend it. */
export type StartRefusal = { readonly because: string; readonly fix: string };

/** Everything for which a run may not be started by a policy; nothing means that it may. What is not known refuses. Total: never throws. */
export const judgeStart = ({ roles }: Policy, { purpose, starters, repository, data, software }: StartQuestion): readonly StartRefusal[] => {
  const initiators = roles.get('initiator') ?? [];
  const isKnown = starters.some((name) => initiators.includes(name));
  return [
    ...refuse(purpose === undefined || purpose.trim() === '', 'it has no purpose', 'trainlock run --enforce --why "what it is for" -- …'),
    ...refuse(!isKnown, `${starters[0] ?? 'whoever starts it'} does not have the role initiator`, 'trainlock policy show   # lists who has'),
    ...repositoryRefusals(repository),
    ...approvedRefusals('the data', data, 'trainlock run without --enforce, and have the new record approved'),
    ...approvedRefusals('the packages', software, 'install what was approved (trainlock env diff RUN), or run without --enforce and have the new record approved'),
  ];
};

const refuse = (isRefused: boolean, because: string, fix: string): readonly StartRefusal[] => (isRefused ? [{ because, fix }] : []);

const repositoryRefusals = (repository: StartQuestion['repository']): readonly StartRefusal[] => {
  switch (repository.kind) {
    case 'clean':
      return [];
    case 'dirty':
      return [{ because: `${countOf(repository.changedFiles, 'file')} of the project ${repository.changedFiles === 1 ? 'is' : 'are'} not committed`, fix: 'git commit' }];
    default:
      return [{ because: `nobody can tell whether the code is committed: ${repository.because}`, fix: 'git init, and commit the code' }];
  }
};

const approvedRefusals = (what: string, approved: Approved, fix: string): readonly StartRefusal[] => {
  switch (approved.kind) {
    case 'approved':
      return [];
    case 'other':
      return [{ because: `no approved record has ${what} that are here: ${approved.because}`, fix }];
    case 'unknown':
      return [{ because: `whether ${what} here were approved is not known: ${approved.because}`, fix }];
  }
};
