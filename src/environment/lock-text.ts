import { countOf, escapeControl } from '#base';
import type { EnvironmentLock, LockEntry, LockGap } from './lock.ts';

/** A comment of a lock file: one line, whatever is recorded. */
export const comment = (text: string): string => `# ${escapeControl(text)}`.trimEnd();

/** The first lines of a lock: of which run and Python it is. */
export const headComments = ({ run, python, architecture, leftOut, changes }: EnvironmentLock): readonly string[] => [
  comment(
    `The environment of run ${run.id}${run.manifestSha256 === undefined ? '' : ` (manifest sha256:${run.manifestSha256})`}${changes === undefined ? ', as trainlock recorded it.' : ', with other versions of some packages:'}`,
  ),
  ...(changes ?? []).map((change) => comment(`  ${change}`)),
  comment(`${python === undefined ? 'Its interpreter was not seen' : `${python.implementation} ${python.version}`}${architecture === undefined ? '' : ` on ${architecture}`}.`),
  ...(leftOut === 0 ? [] : [comment(`${countOf(leftOut, 'package')} that it did not need are left out.`)]),
];

/** What is not in the file, for people. */
export const gapComments = (gaps: readonly LockGap[]): readonly string[] =>
  gaps.length === 0
    ? []
    : [comment(`NOT COMPLETE. Not brought back by this file:`), ...gaps.map(({ name, version, because, fix }) => comment(`  ${name} ${version}: ${because}; ${fix}`))];

export const PROOFS = {
  installer: 'the installer wrote it down',
  'lock-file': 'the recorded lock file names it',
  wheel: 'the files of this wheel are those of the recorded RECORD',
  resolver: 'pip resolved it',
} as const;

/** The command that checks what was installed. */
export const checkCommand = ({ run, leftOut }: EnvironmentLock): string => `trainlock env diff ${run.id.slice(0, 8)}${leftOut === 0 ? '' : ' --needed'}`;

export const isHashed = (entry: LockEntry): entry is LockEntry & { readonly kind: 'archive' } => entry.kind === 'archive';
