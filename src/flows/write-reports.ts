/** Files for other programs, each written whole or not at all. */
import { dirname } from 'node:path';
import { utf8 } from '#base';
import { makeFolder, nodeCrypto, writeAtomic } from '#files';
import { codeQuality, junit, type ReportedFinding, sarif } from '#report';

export type WantedReports = {
  /** Absolute paths, each undefined if it is not wanted. */
  readonly sarif?: string;
  readonly junit?: string;
  readonly codeQuality?: string;
  readonly markdown?: string;
};

export type ReportContent = {
  readonly findings: readonly ReportedFinding[];
  /** What was asked. */
  readonly suite: string;
  /** Things that were found to be right. */
  readonly passed: readonly string[];
  /** Where findings without a file are shown. */
  readonly defaultFile: string;
  readonly markdown: () => string;
};

/** Writes what is wanted; answers with the paths. Throws TL0003. */
export const writeReports = async (wanted: WantedReports, { findings, suite, passed, defaultFile, markdown }: ReportContent): Promise<readonly string[]> => {
  const texts: readonly (readonly [string | undefined, () => string])[] = [
    [wanted.sarif, () => sarif(findings, { defaultFile }, nodeCrypto)],
    [wanted.junit, () => junit(findings, { suite, passed })],
    [wanted.codeQuality, () => codeQuality(findings, { defaultFile }, nodeCrypto)],
    [wanted.markdown, markdown],
  ];
  const written: string[] = [];
  for (const [path, text] of texts) {
    if (path === undefined) continue;
    await makeFolder(dirname(path));
    await writeAtomic(path, utf8(text()));
    written.push(path);
  }
  return written;
};
