import { nodeVerifySignature } from '#keys';
import { type Logbook, openLogbook } from '#logbook';
import type { TestProject } from './project.ts';

/** The log of this machine as the command line of a project sees it. */
export const logOf = (project: Pick<TestProject, 'env'>): Logbook => openLogbook({ env: project.env, verify: nodeVerifySignature });

/** Enters leaves that say something, all at once. */
export const growLog = async (project: Pick<TestProject, 'env'>, count: number, what: string): Promise<void> => {
  const leaves = Array.from({ length: count }, (_, i) => leafOf(`${what} ${i}`));
  const answer = await logOf(project).append(leaves);
  if (answer.kind !== 'appended') throw new Error(answer.because);
};

const leafOf = (id: string): Uint8Array =>
  Buffer.from(JSON.stringify({ kind: 'other', object: { id, type: 'test' }, payloadSha256: 'ab'.repeat(32), time: '2026-11-26T10:00:00.000Z', version: 1 }));

/** What a command answers with --json. */
export const answerOf = (project: TestProject, ...args: readonly string[]): { readonly status: number | null; readonly data: Readonly<Record<string, unknown>> } => {
  const answer = project.trainlock([...args, '--json']);
  return { status: answer.status, data: (JSON.parse(answer.stdout) as { readonly data: Readonly<Record<string, unknown>> }).data };
};

/** The verifier key of the log of this machine. */
export const vkeyOf = (project: TestProject): string => (answerOf(project, 'log', 'show').data['log'] as { readonly vkey: string }).vkey;
