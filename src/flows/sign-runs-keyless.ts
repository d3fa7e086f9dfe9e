/** Signs records with the identity of this job instead of a key. */
import { resolve } from 'node:path';
import { toHex } from '#base';
import { nodeCrypto } from '#files';
import { signKeyless } from '#keys';
import { writeBundle } from '#seal';
import { addSeal, type RunRecord } from '#store';
import { type EnteredLeaves, enterLeaves } from './enter-leaves.ts';
import { leaveLeaf, readRun } from './sign-record.ts';
import { runsToSign, type SignedRuns, type SignOptions } from './sign-runs.ts';
import { trustedRootAt } from './trust-file/trusted-root-at.ts';

/** The services that are asked. Every address is one that a person has named: there is no default. */
export type KeylessServices = {
  readonly fulcioUrl: string;
  readonly rekorUrl?: string;
  readonly timestampUrls: readonly string[];
  /** File with the trusted root; relative to the working directory. */
  readonly trustedRoot: string;
  /** The only issuer of tokens that is meant. */
  readonly identityIssuer?: string;
};

export type KeylessOptions = Omit<SignOptions, 'key' | 'also' | 'timeAuthorities'> & { readonly services: KeylessServices };

export type KeylessRun = { readonly id: string; readonly signed?: { readonly bundlePath: string; readonly identity: { readonly issuer: string; readonly subject: string } } };

export type KeylessRuns = Pick<SignedRuns, 'leftOut'> & {
  readonly runs: readonly KeylessRun[];
  /** What became of their leaves; absent if no log is kept. */ readonly logged?: EnteredLeaves;
};

/** Every run is looked up and the trusted root is read before any service is asked. Throws TL0301 to TL0304, TL0002, TL0801, TL1104, TL0003. */
export const signRunsKeyless = async (options: KeylessOptions): Promise<KeylessRuns> => {
  const { services, env, settings, storeFolder } = options;
  const { runs, leftOut } = await runsToSign(options);
  const trustedRoot = await trustedRootAt(resolve(options.workingDirectory, services.trustedRoot));
  if (options.dryRun || runs.length === 0) return { runs: runs.map(({ id }) => ({ id })), leftOut };
  const keepsLog = settings.log.value === 'auto';
  const signed: KeylessRun[] = [];
  for (const run of runs) signed.push(await signOne(run, { ...services, trustedRoot, env }, keepsLog));
  if (!keepsLog) return { runs: signed, leftOut };
  return { runs: signed, leftOut, logged: await enterLeaves({ statementPaths: runs.map(({ statementPath }) => statementPath), storeRoot: storeFolder, env }) };
};

const signOne = async ({ id, statementPath }: RunRecord, options: Parameters<typeof signKeyless>[1], keepsLog: boolean): Promise<KeylessRun> => {
  const run = await readRun(statementPath);
  const sealed = await signKeyless(run, options);
  const bundle = writeBundle(sealed);
  const bundlePath = await addSeal(statementPath, { name: `keyless-${toHex(nodeCrypto.sha256(sealed.signature)).slice(0, 16)}`, bundle });
  if (keepsLog) await leaveLeaf(statementPath, { run, sealed, bundle, now: new Date().toISOString() });
  return { id, signed: { bundlePath, identity: sealed.identity } };
};
