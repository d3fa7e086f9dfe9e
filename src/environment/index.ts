/** The environment of a run against another one, as findings; what a program must be told so that it computes as the run did; the run's lock. */
export { compareEnvironment } from './compare-environment.ts';
export { isNeeded } from './compare-distributions.ts';
export type { EnvironmentHere } from './environment-here.ts';
export { hereOfManifest } from './environment-here.ts';
export type { EnvironmentFinding } from './finding.ts';
export { importedNumericModules } from './numeric-modules.ts';
export type { EnvironmentLock, LockEntry, LockFile, LockFormat, ProvenArchive } from './lock.ts';
export { lockAsPip, requirementOf } from './lock-as-pip.ts';
export { lockAsPylock } from './lock-as-pylock.ts';
export { lockOf } from './lock-of.ts';
export { type Pin, pinOf } from './pin-of.ts';
export { lockOfResolution } from './lock-of-resolution.ts';
export { packageMoves, type PackageMove } from './package-moves.ts';
export { readPipReport, type ResolvedPackage } from './read-pip-report.ts';
export { type PackageWish, readWish } from './read-wish.ts';
