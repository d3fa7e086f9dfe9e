import { exhaustive, withoutUndefined } from '#base';
import type { Manifest, Seed } from '#manifest';

/** What the person who started the run decided: the command, its settings, the seeds the program gave, which code. Numbers are texts, as they were printed. */
export const externalParameters = ({ run, parameters, randomness, code, evaluation }: Manifest): object =>
  withoutUndefined({
    command: run.command,
    workingDirectory: run.workingDirectory,
    entryPoint: run.entryPoint === undefined ? undefined : withoutUndefined({ path: run.entryPoint.path, sha256: run.entryPoint.sha256 }),
    parameters: parameters.map(({ name, value, type, source, masked }) => withoutUndefined({ name, value, type, source, masked: masked ? 'yes' : undefined })),
    seeds: seedsOf(randomness.generators.filter(({ how }) => how === 'explicit')),
    hashSeed: randomness.hashSeed.source === 'user' ? randomness.hashSeed.value : undefined,
    code: withoutUndefined({ repository: code.repository.remote, branch: code.repository.branch, commit: code.repository.commit }),
    criteria: evaluation.criteria,
  });

type Generator = Manifest['randomness']['generators'][number];

/** Seeds as texts: other languages round integers beyond 2^53. */
export const seedsOf = (generators: readonly Generator[]): readonly object[] =>
  generators.map(({ library, api, how, process, rank, seed }) =>
    withoutUndefined({ library, api, how, process, rank: rank === undefined ? undefined : String(rank), seed: seedText(seed), seedKind: seed.kind }),
  );

const seedText = (seed: Seed): string | readonly string[] | undefined => {
  switch (seed.kind) {
    case 'int':
    case 'ints':
    case 'text':
    case 'bytes':
    case 'float':
      return seed.value;
    case 'absent':
    case 'withheld':
      return undefined;
    default:
      return exhaustive(seed);
  }
};
