/** TL3001 interpreter and packages, TL3002 native libraries, TL3003 CPU and the kernels chosen for it, TL3004 threads and numeric variables, TL3005 accelerators. */
export type EnvironmentFindingId = 'TL3001' | 'TL3002' | 'TL3003' | 'TL3004' | 'TL3005';

/** Something of the recorded environment that is not so here, or of which nobody knows whether it is. Texts are recorded text as it is: escape it. */
export type EnvironmentFinding = {
  readonly id: EnvironmentFindingId;
  readonly severity: 'high' | 'medium' | 'low';
  /** different: seen to be another. unknown: it could not be compared, and must not pass. */
  readonly state: 'different' | 'unknown';
  /** Place in the manifest of the run: a JSON pointer. */
  readonly pointer: string;
  /** What it is, in words: package numpy. */
  readonly about: string;
  readonly recorded: string;
  readonly here: string;
  /** The command that repairs it, or says more where nothing can. */
  readonly remedy: string;
};

/** What is compared, and how the commands of remedies name things. */
export type CompareOptions = {
  /** The run, as commands take it. */
  readonly run: string;
  /** The interpreter whose environment is repaired. */
  readonly python: string;
  /** Only what the run needed: packages that it neither imported nor needed for others are left out. */
  readonly neededOnly?: boolean;
};

export const NOT_THERE = 'not installed';
export const NOT_RECORDED = 'not recorded';
export const NOT_SET = 'not set';
