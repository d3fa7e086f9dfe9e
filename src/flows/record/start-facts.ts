import { homedir, tmpdir } from 'node:os';
import { criteriaOf, environmentVariables, type StartFacts } from '#assembly';
import { makeRedactor, type Redactor, redactArguments, VERSION } from '#base';
import { type OutputRecording, rootCommitment, type UserKeys } from '#capture';
import { nodeCrypto, thisRecorder } from '#files';
import type { Store } from '#store';
import type { RecordOptions } from '../record.ts';
import { hashSeedFor } from './hash-seed-for.ts';

/** What is drawn and opened before the command starts. */
export type Beginning = {
  readonly id: string;
  readonly startedAt: string;
  readonly store: Store;
  readonly root: Uint8Array | undefined;
  readonly output: OutputRecording;
  readonly knownSecrets: readonly string[];
  readonly keys: UserKeys;
  readonly policySha256: string | undefined;
};

/** What is known before the command starts, with secrets masked. */
export const startFacts = (options: RecordOptions, beginning: Beginning): StartFacts => {
  const { config, settings } = options;
  const redactor = makeRedactor(beginning.knownSecrets);
  const masked = redactArguments(options.restored?.command ?? options.command, redactor);
  const purpose = options.purpose === undefined ? undefined : redactor.redact(options.purpose);
  const criteria = criteriaOf(config);
  return {
    version: 1,
    trainlockVersion: VERSION,
    run: {
      id: beginning.id,
      ...(options.name === undefined ? {} : { name: options.name }),
      ...(options.tags === undefined ? {} : { tags: options.tags }),
      ...(purpose === undefined ? {} : { purpose: purpose.text }),
      startedAt: beginning.startedAt,
      ...(options.parents === undefined ? {} : { parents: options.parents }),
    },
    command: masked.argv,
    workingDirectory: options.workingDirectory,
    projectRoot: options.projectRoot,
    roots: { project: options.projectRoot, home: homedir(), store: beginning.store.root, tmp: tmpdir() },
    modes: { entropy: settings.entropy.value, trace: 'hooks', logs: beginning.output.mode, hash: settings.hash.value, deterministic: settings.deterministic.value },
    schemaMajor: Number(settings.schema.value.slice(1)),
    logMode: beginning.output.mode,
    logFiles: beginning.output.logFiles,
    config: { ...config, data: { ...config.data, ...Object.fromEntries(Object.entries(options.data ?? {}).map(([name, path]) => [name, { path }])) } },
    ...(criteria.length === 0 ? {} : { criteria }),
    ...(beginning.policySha256 === undefined ? {} : { policySha256: beginning.policySha256 }),
    variables: variablesOf(options, beginning.keys, redactor),
    hashSeed: hashSeedFor(options, beginning.root),
    ...(beginning.root === undefined ? {} : { rootCommitment: rootCommitment(beginning.root) }),
    maskings: masked.count + (purpose?.count ?? 0),
    ...(options.replay === undefined ? {} : { pathMap: options.replay.pathMap, ...(options.replay.mounts === undefined ? {} : { mounts: options.replay.mounts }) }),
    recorder: thisRecorder(),
    ...(options.restored === undefined ? {} : { restored: options.restored.facts }),
  };
};

/** The variables of the command, as far as they may be shown; `read` are names that the program asked for. */
export const variablesOf = (options: RecordOptions, keys: UserKeys, redactor: Redactor, read: ReadonlySet<string> = new Set()): StartFacts['variables'] =>
  environmentVariables(options.env, { allow: options.settings.allow.value, mask: options.settings.mask.value, commitmentKey: keys.commitment, redactor, read }, nodeCrypto);
