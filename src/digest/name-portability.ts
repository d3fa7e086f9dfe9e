import { bytesOfName, type FileName } from './file-name.ts';

/** Why a name may not survive on another system. */
export type PortabilityFinding = {
  readonly kind: 'not-text' | 'not-normalised' | 'case-collision' | 'reserved' | 'control-character' | 'windows-character' | 'trailing-dot-or-space' | 'too-long';
  readonly path: string;
  /** The bytes of the name in base64, if it is no text. */
  readonly raw?: string;
  /** The other name, for a collision. */
  readonly other?: string;
};

/** Names of devices that Windows does not give to files. Source: Microsoft, "Naming Files, Paths, and Namespaces". */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/** Longest single name on common file systems. Unit: byte. */
const MAX_PART_BYTES = 255;

/** Lower-case letters, digits and what joins them: such names are the same everywhere, unless they are those of devices. */
const TRIVIAL = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;

/** Whether a look at a single name, without a slash, is enough to see that nothing is wrong with it. */
const isTrivial = (name: FileName): boolean => name.raw === undefined && name.path.length <= MAX_PART_BYTES && TRIVIAL.test(name.path) && !RESERVED.test(name.path);

/** portabilityFindings for the own names of the entries of one folder; quick where, as nearly always, there is nothing to find. */
export const portabilityInFolder = (names: readonly FileName[]): readonly PortabilityFinding[] => (names.every(isTrivial) ? [] : portabilityFindings(names));

/** Findings about names that another file system would refuse, change or confuse. Recording them is always possible. */
export const portabilityFindings = (names: readonly FileName[]): readonly PortabilityFinding[] => {
  const findings: PortabilityFinding[] = [];
  const folded = new Map<string, string>();
  for (const name of names) {
    const own = name.raw === undefined ? { path: name.path } : { path: name.path, raw: name.raw };
    for (const kind of kindsOf(name)) findings.push({ kind, ...own });
    const key = name.path.normalize('NFC').toLowerCase();
    const other = folded.get(key);
    if (other !== undefined && other !== name.path) findings.push({ kind: 'case-collision', ...own, other });
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
