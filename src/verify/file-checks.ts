import { exhaustive } from '#base';
import { nameKey } from '#digest';
import type { DataSet, FileDigest, Manifest, Output } from '#manifest';
import type { Check, CheckName, FileEvidence } from './verdict.ts';

type Files = ReadonlyMap<string, FileEvidence>;

/** What a record says of one file: the name is that of the manifest. */
type NamedFile = {
  readonly path: string;
  readonly rawName?: string;
  readonly sha256?: string;
  readonly sizeBytes?: number;
  readonly withheld?: string;
  readonly deferred?: boolean;
};

/** The key of a file in the evidence: paths that are not UTF-8 are told apart by their bytes. */
export const evidenceKey = ({ path, rawName }: { readonly path: string; readonly rawName?: string }): string => nameKey(rawName === undefined ? { path } : { path, raw: rawName });

/** Compares one file with what is in its place now. */
export const fileCheck = (name: CheckName, file: NamedFile, evidence: FileEvidence | undefined): Check => {
  const inputs: readonly (readonly [string, string])[] = [
    ['recorded', file.sha256 ?? 'no digest'],
    ['found', evidence?.kind === 'hashed' ? evidence.sha256 : (evidence?.kind ?? 'not looked at')],
  ];
  const check = (outcome: Check['outcome'], because: string): Check => ({ name, about: file.path, outcome, because, inputs });
  if (file.sha256 === undefined)
    return check(
      'unknown',
      file.deferred === true ? 'hashing was put off; trainlock finish completes it' : `no digest was recorded${file.withheld === undefined ? '' : `: ${file.withheld}`}`,
    );
  if (evidence === undefined) return check('unknown', 'nobody looked');
  switch (evidence.kind) {
    case 'hashed':
      return evidence.sha256 === file.sha256
        ? check('held', 'the same bytes')
        : check('broken', `other bytes: ${file.sha256.slice(0, 12)}… was recorded, ${evidence.sha256.slice(0, 12)}… is there`);
    case 'same':
      return check('held', 'every file is the same');
    case 'differs':
      return check('broken', evidence.because);
    case 'absent':
      return check('unknown', 'it is no longer there');
    case 'unreadable':
    case 'not-seen':
    case 'erased':
      return check('unknown', evidence.because);
    default:
      return exhaustive(evidence);
  }
};

/** Every output; a run without outputs has nothing to ask. */
export const outputChecks = (manifest: Manifest, files: Files): readonly Check[] =>
  manifest.outputs.length === 0
    ? [{ name: 'outputs', outcome: 'not-asked', because: 'the run left no output' }]
    : manifest.outputs.map((output) => fileCheck('outputs', output, files.get(evidenceKey(output))));

/** There is a model, and each is as recorded. */
export const modelChecks = (manifest: Manifest, files: Files): readonly Check[] => {
  const models = manifest.outputs.filter(({ role }: Output) => role === 'model' || role === 'checkpoint');
  return models.length === 0
    ? [{ name: 'model', outcome: 'unknown', because: 'no output is a model' }]
    : models.map((output) => fileCheck('model', output, files.get(evidenceKey(output))));
};

/** Every input file; data that was never a file cannot be looked at again. */
export const dataChecks = (manifest: Manifest, files: Files): readonly Check[] => {
  if (manifest.data.length === 0) return [{ name: 'data', outcome: 'unknown', because: 'the record names no data' }];
  const checks = manifest.data.flatMap((set) => dataSetChecks(set, files));
  return checks.every(({ outcome }) => outcome === 'not-asked')
    ? [...checks, { name: 'data', outcome: 'unknown', because: 'no data was a file: there is nothing to look at' }]
    : checks;
};

const dataSetChecks = (set: DataSet, files: Files): readonly Check[] => {
  if (set.origin.kind === 'memory') return [{ name: 'data', about: set.name, outcome: 'not-asked', because: 'made in memory by the code: there is no file to look at' }];
  if (set.stability === 'changed')
    return [{ name: 'data', about: set.name, outcome: 'unknown', because: 'it changed between reading and hashing: what the run read is not known' }];
  if (set.files !== undefined && set.files.length > 0)
    return set.files.map((file) => fileCheck('data', { ...file, ...(set.deferred === true ? { deferred: true } : {}) }, files.get(evidenceKey(file))));
  if (set.list !== undefined) return [listCheck(set, files)];
  return [{ name: 'data', about: set.name, outcome: 'unknown', because: set.deferred === true ? 'hashing was put off; trainlock finish completes it' : 'no digest was recorded' }];
};

/** A data set with a list: its evidence stands under its name. */
const listCheck = (set: DataSet, files: Files): Check => {
  const check = fileCheck('data', { path: set.name, ...(set.list === undefined ? {} : { sha256: set.list.sha256 }) }, files.get(set.name));
  return check.outcome === 'held' ? { ...check, because: `all ${set.list?.fileCount ?? 0} files are the same` } : check;
};

/** Every code file of the run, as it lies in the project now. */
export const codeChecks = (manifest: Manifest, files: Files): readonly Check[] => {
  const code: readonly FileDigest[] = manifest.code.files;
  return code.length === 0
    ? [{ name: 'code', outcome: 'unknown', because: 'the record names no code file' }]
    : code.map((file) => fileCheck('code', file, files.get(evidenceKey(file))));
};
