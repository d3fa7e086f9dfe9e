/** The approvals of a project, and what each is worth. */
import { type FiledApproval, filedApprovals } from './approvals/judged-approvals.ts';
import { standingOf } from './trust-file/standing-of.ts';
import type { Environment } from './trust-file/trust-places.ts';

export type ListApprovalsOptions = {
  readonly projectRoot: string;
  readonly workingDirectory: string;
  readonly env: Environment;
  /** A pin file for this question. */ readonly pin?: string;
};

export type ListedApprovals = { readonly filed: readonly FiledApproval[] };

/** Throws TL1201 for a pin that cannot be used. */
export const listApprovals = async ({ projectRoot, workingDirectory, env, pin }: ListApprovalsOptions): Promise<ListedApprovals> => {
  const now = new Date().toISOString();
  const trust = await standingOf({ projectRoot, workingDirectory, env, now, ...(pin === undefined ? {} : { pin }) });
  return { filed: await filedApprovals(projectRoot, trust, now) };
};
