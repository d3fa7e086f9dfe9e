type Version = {
  readonly epoch: number;
  readonly release: readonly number[];
  readonly phase: number;
  readonly phaseNumber: number;
  readonly post: number;
  readonly dev: number;
  readonly local: string;
};

const PATTERN =
  /^v?(?:([0-9]+)!)?([0-9]+(?:\.[0-9]+)*)[-_.]?(?:(a|alpha|b|beta|c|rc|pre|preview)[-_.]?([0-9]*))?(?:-([0-9]+)|[-_.]?(?:post|rev|r)[-_.]?([0-9]*))?(?:[-_.]?(dev)[-_.]?([0-9]*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/i;

const PHASES: Readonly<Record<string, number>> = { a: 0, alpha: 0, b: 1, beta: 1, c: 2, rc: 2, pre: 2, preview: 2 };
/** A final release stands behind every pre-release. */
const FINAL = 3;

/** Reads a version as PEP 440 does; undefined if it is none. The text is hostile: anything above 100 characters is none. */
const readVersion = (text: string): Version | undefined => {
  const match = text.length > 100 ? null : PATTERN.exec(text.trim());
  if (match === null) return undefined;
  const [, epoch, release = '', phase, phaseNumber, shortPost, post, dev, devNumber, local] = match;
  const isPost = shortPost !== undefined || post !== undefined;
  return {
    epoch: Number(epoch ?? 0),
    release: release.split('.').map(Number),
    // A development release of the final one stands before its first alpha. Source: PEP 440, "Summary of permitted suffixes and relative ordering".
    phase: phase === undefined ? (dev !== undefined && !isPost ? -1 : FINAL) : PHASES[phase.toLowerCase()]!,
    phaseNumber: Number(phaseNumber || 0),
    post: isPost ? Number(shortPost ?? (post || 0)) : -1,
    dev: dev === undefined ? Number.POSITIVE_INFINITY : Number(devNumber || 0),
    local: (local ?? '').toLowerCase().replaceAll(/[-_]/g, '.'),
  };
};

/**
 * Order of two package versions: negative if the first is older; undefined if one of them is no version or only their local
 * parts differ (those have no order that means newer).
 * Source: PEP 440.
 */
export const compareVersions = (a: string, b: string): number | undefined => {
  const [x, y] = [readVersion(a), readVersion(b)];
  if (x === undefined || y === undefined) return undefined;
  const steps = [x.epoch - y.epoch, compareReleases(x.release, y.release), x.phase - y.phase, x.phaseNumber - y.phaseNumber, x.post - y.post, x.dev === y.dev ? 0 : x.dev - y.dev];
  const order = steps.find((step) => step !== 0) ?? 0;
  return order === 0 && x.local !== y.local ? undefined : order;
};

const compareReleases = (a: readonly number[], b: readonly number[]): number => {
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    const step = (a[i] ?? 0) - (b[i] ?? 0);
    if (step !== 0) return step;
  }
  return 0;
};
