/** Starts the command with the shim inside, records its output, watches its processes and asks the machine. Fetches facts and stops. */
export { earlySearchPath } from './early-search-path.ts';
export { cpuFlags } from './cpu-flags.ts';
export { endedChildrenCpu, memoryKills } from './child-usage.ts';
export { drawRoot, hashSeedOf, readRoot, rootCommitment, writeRoot } from './entropy-root.ts';
export { forwardSignals } from './forward-signals.ts';
export { livingProcesses } from './living-processes.ts';
export { emptyMachine, probeMachine, type ProbedMachine } from './probe-machine.ts';
export { probeSoftware, type ProbedSoftware } from './probe-software.ts';
export * from './probes/index.ts';
export { type EventFiles, readEventFiles } from './read-event-files.ts';
export { type OutputRecording, type OutputTarget, recordOutput } from './record-output.ts';
export { prepareShim } from './shim-settings.ts';
export { isOwnStart, proveStart } from './start-proof.ts';
export { checkProgram, type ChildExit, type RunningChild, startChild } from './start-child.ts';
export { userKeys, type UserKeys } from './user-keys.ts';
export { type Watch, watchProcesses } from './watch-processes.ts';
