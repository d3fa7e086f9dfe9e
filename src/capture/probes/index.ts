/** Probes: each asks the machine for one kind of fact and says so when it cannot tell. They never throw and never wait long. */
export { GIT_LIMITS, type GitLimits, type GitQuestion, probeGit } from './probe-git.ts';
export { type CommandOptions, type CommandResult, type Host, nodeHost } from './host.ts';
export { type DistributionQuestion, findInstalled, type InstalledBefore, probeDistributions } from './probe-distributions.ts';
export { type EnvironmentQuestion, hostPseudonym, probeEnvironment } from './probe-environment.ts';
export { type ParticipantQuestion, probeParticipant } from './probe-participant.ts';
export { probeTrigger, type TriggerQuestion } from './probe-trigger.ts';
export { type LockQuestion, probeLock } from './probe-lock.ts';
export { type NativeQuestion, probeNative } from './probe-native.ts';
