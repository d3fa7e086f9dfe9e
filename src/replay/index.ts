/** Runs again: rebuilds code, data and environment of a recorded run in an empty folder, confines it, and compares what came out. */
export { compareResults } from './compare-results.ts';
export type { IsolationKind } from './isolation.ts';
export { prepareReplay } from './prepare-replay.ts';
export { type PathMap, recordedRoots } from './recorded-paths.ts';
export type { ReplayPlan } from './replay-plan.ts';
export { type Parting, whereParted } from './where-parted.ts';
