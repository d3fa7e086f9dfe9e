import { bytesOfName, type FileName } from './file-name.ts';

/** Why a name may not survive on another system. */
export type PortabilityFinding = {
  readonly kind: 'not-text' | 'not-normalised' | 'case-collision' | 'reserved' | 'control-character' | 'windows-character' | 'trailing-dot-or-space' | 'too-long';
  readonly path: string;
  /** The other name, for a collision. */
  readonly other?: string;
};

/** Names of devices that Windows does not give to files. Source: Microsoft, "Naming Files, Paths, and Namespaces". */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/** Longest single name on common file systems. Unit: byte. */
const MAX_PART_BYTES = 255;

/** Findings about names that another file system would refuse, change or confuse. Recording them is always possible. */
export const portabilityFindings = (names: readonly FileName[]): readonly PortabilityFinding[] => {
  const findings: PortabilityFinding[] = [];
  const folded = new Map<string, string>();
  for (const name of names) {
    for (const kind of kindsOf(name)) findings.push({ kind, path: name.path });
    const key = name.path.normalize('NFC').toLowerCase();
    const other = folded.get(key);
    if (other !== undefined && other !== name.path) findings.push({ kind: 'case-collision', path: name.path, other });
    folded.set(key, name.path);
  }
  return findings;
};

const kindsOf = (name: FileName): ReadonlySet<PortabilityFinding['kind']> => {
  const kinds = new Set<PortabilityFinding['kind']>();
  if (name.raw !== undefined) kinds.add('not-text');
  if (name.path.normalize('NFC') !== name.path) kinds.add('not-normalised');
  if (/[\u0000-\u001f\u007f]/.test(name.path)) kinds.add('control-character');
  if (/[\\:*?"<>|]/.test(name.path)) kinds.add('windows-character');
  for (const part of name.path.split('/')) {
    if (RESERVED.test(part)) kinds.add('reserved');
    if (/[. ]$/.test(part)) kinds.add('trailing-dot-or-space');
    if (part.length > MAX_PART_BYTES / 4 && bytesOfName({ path: part }).length > MAX_PART_BYTES) kinds.add('too-long');
  }
  return kinds;
};
