/** Probes: each asks the machine for one kind of fact and says so when it cannot tell. They never throw and never wait long. */
export { probeGit } from './probe-git.ts';
export { findInstalled, type InstalledBefore, probeDistributions } from './probe-distributions.ts';
export { probeEnvironment } from './probe-environment.ts';
export { probeParticipant } from './probe-participant.ts';
export { probeTrigger } from './probe-trigger.ts';
export { probeLock } from './probe-lock.ts';
export { probeNative } from './probe-native.ts';
export { ownRows, readRecord, recordDigest, type RecordRow } from './distribution-record.ts';
export { LOCK_FORMATS } from './lock-files.ts';
export { normalName } from './requirement.ts';
