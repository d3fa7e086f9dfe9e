/** Writes findings for other programs: code hosts read SARIF, build servers JUnit. */
import { utf8 } from '#base';
import { nodeCrypto, writeAtomic } from '#files';
import { junit, type ReportedFinding, sarif } from '#report';

export type FindingFiles = { /** Absolute. */ readonly sarif?: string; /** Absolute. */ readonly junit?: string };

export type WrittenFindings = {
  readonly findings: readonly ReportedFinding[];
  /** Shown where a finding has no file. Relative to the top of the repository. */
  readonly defaultFile: string;
  /** Name of the whole, and what held, for test reports. */
  readonly suite: string;
  readonly passed: readonly string[];
};

/** Throws TL0003. */
export const writeFindings = async (files: FindingFiles, { findings, defaultFile, suite, passed }: WrittenFindings): Promise<void> => {
  if (files.sarif !== undefined) await writeAtomic(files.sarif, utf8(sarif(findings, { defaultFile }, nodeCrypto)));
  if (files.junit !== undefined) await writeAtomic(files.junit, utf8(junit(findings, { suite, passed })));
};
