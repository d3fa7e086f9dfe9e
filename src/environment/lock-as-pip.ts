import { countOf } from '#base';
import type { EnvironmentLock, LockEntry, LockFile } from './lock.ts';
import { comment, gapComments, headComments, isHashed, PROOFS, checkCommand } from './lock-text.ts';

/**
 * A lock as requirements of pip. Either every requirement has its hash, or none has: pip wants hashes for all as soon as one has them.
 * Hashes that are proven stand in comments then.
 */
export const lockAsPip = (lock: EnvironmentLock): LockFile => {
  const unhashed = lock.entries.filter((entry) => !isHashed(entry)).length;
  const whole = unhashed === 0 && lock.entries.length > 0;
  const lines = [
    ...headComments(lock),
    comment(''),
    ...(whole ? wholeComments(lock) : lock.entries.length === 0 ? [comment('No package is in this file.')] : partComments(lock, unhashed)),
    ...gapComments(lock.gaps),
    ...lock.entries.map((entry) => (whole ? hashedLine(entry) : plainLine(entry))),
  ];
  return { text: lines.join('\n'), missing: lock.gaps, unhashed };
};

const wholeComments = (lock: EnvironmentLock): readonly string[] =>
  [
    'Every archive has a hash that is proven. Into an empty environment of this Python:',
    '  python -m pip install --no-deps --require-hashes -r THIS_FILE',
    ...(lock.changes === undefined ? [`  ${checkCommand(lock)}`] : []),
  ].map(comment);

const partComments = (lock: EnvironmentLock, unhashed: number): readonly string[] =>
  [
    `PARTLY WITHOUT HASHES: of ${countOf(lock.entries.length, 'package')} ${unhashed} ${unhashed === 1 ? 'has' : 'have'} no archive whose hash is proven, so pip cannot check any while it installs.`,
    'Check afterwards: env diff compares the installed files with the recorded ones (digest of RECORD). Into an empty environment of this Python:',
    '  python -m pip install --no-deps -r THIS_FILE',
    ...(lock.changes === undefined ? [`  ${checkCommand(lock)}`] : []),
  ].map(comment);

const hashedLine = (entry: LockEntry): string => {
  if (!isHashed(entry)) return plainLine(entry);
  return `${requirementOf(entry)} \\\n    --hash=sha256:${entry.archive.sha256}`;
};

/** What pip is told to install. An archive of an index is found by name and version; only what came from an address is named by it. */
export const requirementOf = (entry: LockEntry): string => {
  switch (entry.kind) {
    case 'vcs':
      return `${entry.name} @ git+${entry.url}@${entry.commit}`;
    case 'url':
      return `${entry.name} @ ${entry.url}`;
    case 'archive': {
      const { url, provenBy } = entry.archive;
      return provenBy === 'installer' && url !== undefined ? `${entry.name} @ ${url}` : `${entry.name}==${entry.version}`;
    }
    case 'pin':
      return `${entry.name}==${entry.version}`;
  }
};

const plainLine = (entry: LockEntry): string => {
  const record = entry.recordSha256 === undefined ? 'no RECORD' : `RECORD sha256:${entry.recordSha256}`;
  const proof = entry.kind === 'archive' ? `; archive sha256:${entry.archive.sha256}, because ${PROOFS[entry.archive.provenBy]}` : '';
  return `${requirementOf(entry)}  ${comment(`${record}${proof}`)}`;
};
