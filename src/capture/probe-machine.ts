import type { EnvironmentFacts, Gap, GitFacts, Participant, Probe, Trigger } from '#assembly';
import { makeRedactor, toHex, utf8 } from '#base';
import { nodeCrypto } from '#files';
import type { Run } from '#manifest';
import { probeEnvironment, probeGit, probeParticipant, probeTrigger } from './probes/index.ts';
import { gapsOf } from './probe-gaps.ts';

export type MachineQuestion = {
  /** Absolute. */
  readonly projectRoot: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The started command, whose limits are asked for; absent: our own. */
  readonly pid?: number;
  /** Secrets known by value. */
  readonly knownSecrets: readonly string[];
  /** Key of pseudonyms, kept outside the record. */
  readonly pseudonymKey: Uint8Array;
  /** Whether persons are recorded under a pseudonym. */
  readonly pseudonym: boolean;
  /** Where the person who asks is known; the project, if nothing is said. */
  readonly asker?: { readonly directory: string; readonly environment: Readonly<Record<string, string | undefined>> };
};

/** What the machine and the repository said beside the running command. Plain JSON. */
export type ProbedMachine = {
  readonly who: { readonly participant: Participant; readonly trigger?: Trigger; readonly clock?: Run['clock'] };
  readonly environment: EnvironmentFacts['environment'];
  /** Absent if git could not be asked; the reason is among the gaps. */
  readonly git?: GitFacts;
  readonly gaps: readonly Gap[];
};

/** Asks everything at once. Never throws: what does not answer becomes a gap. */
export const probeMachine = async (question: MachineQuestion): Promise<ProbedMachine> => {
  const redactor = makeRedactor(question.knownSecrets);
  const [git, environment, participant] = await Promise.all([
    probeGit({ directory: question.projectRoot, redactor, environment: question.env }),
    probeEnvironment({
      projectDirectory: question.projectRoot,
      environment: question.env,
      pseudonymKey: question.pseudonymKey,
      crypto: nodeCrypto,
      ...(question.pid === undefined ? {} : { pid: question.pid }),
    }),
    probeParticipant(question.asker ?? { directory: question.projectRoot, environment: question.env }),
  ]);
  return {
    who: {
      participant: question.pseudonym ? pseudonymOf(valueOf(participant) ?? UNKNOWN, question.pseudonymKey) : (valueOf(participant) ?? UNKNOWN),
      trigger: probeTrigger({ environment: question.env, terminal: process.stdin.isTTY === true }),
      ...(environment.kind === 'seen' ? { clock: environment.value.clock } : {}),
    },
    environment: environment.kind === 'seen' ? environment.value.environment : {},
    ...(git.kind === 'seen' ? { git: git.value } : {}),
    gaps: [
      ...gapsOf('/code/repository', git),
      ...(git.kind === 'seen' ? git.value.gaps : []),
      ...gapsOf('/environment', environment),
      ...(environment.kind === 'seen' ? environment.value.gaps : []),
      ...gapsOf('/run/participant', participant),
    ],
  };
};

const UNKNOWN: Participant = { kind: 'person', name: 'unknown', source: 'os-account' };

/** The same person gets the same pseudonym from the same key; nothing of the name is left. */
const pseudonymOf = (participant: Participant, key: Uint8Array): Participant => ({
  kind: participant.kind,
  name: `person-${toHex(nodeCrypto.hmacSha256(key, utf8(participant.name))).slice(0, 12)}`,
  source: participant.source,
});

/** What is said of a machine that could not be asked in time. */
export const emptyMachine = (reason: string): ProbedMachine => ({
  who: { participant: UNKNOWN },
  environment: {},
  gaps: [
    { about: '/environment', reason },
    { about: '/code/repository', reason },
    { about: '/run/participant', reason },
  ],
});

const valueOf = <T>(probe: Probe<T>): T | undefined => (probe.kind === 'seen' ? probe.value : undefined);
