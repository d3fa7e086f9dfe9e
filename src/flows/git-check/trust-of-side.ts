import { pinOf, type TrustPin, type TrustStanding, trustStanding } from '#trust';
import { MAX_TRUST, TRUST_PORTS, trustIn } from '../trust-file/trust-places.ts';
import type { Side } from './side-of.ts';

/** Most older versions that are read; the newest count. */
const MOST_VERSIONS = 1000;

/** The versions of the trust file of a project in one state, the oldest first. */
export const trustChainOf = async (side: Side, project: string): Promise<readonly Uint8Array[]> => {
  const folder = `${project}.trainlock/trust`;
  const files = await side.below([folder, `${folder}.json`]);
  const older = [...files.keys()]
    .flatMap((path) => {
      const version = /\/v([1-9][0-9]{0,8})\.json$/.exec(path.slice(folder.length))?.[1];
      return version === undefined ? [] : [{ path, version: Number(version) }];
    })
    .toSorted((a, b) => a.version - b.version)
    .slice(-MOST_VERSIONS);
  const chain: Uint8Array[] = [];
  for (const path of [...older.map(({ path: one }) => one), `${folder}.json`]) {
    const file = files.get(path);
    // One that is there and cannot be read must not make an older one count.
    if (file !== undefined) chain.push((await side.bytes(file, MAX_TRUST)) ?? new Uint8Array(0));
  }
  return chain;
};

export type SideTrust = {
  readonly standing: TrustStanding;
  /** pinned: by roots that are pinned here. base: by the roots that the state itself names, because who may change it decides anyway. */
  readonly anchor: 'pinned' | 'base';
};

export type TrustAnchor = {
  /** Roots that are pinned on this machine, or were named. What was seen of them since does not count: an older state is asked about. */
  readonly pin?: TrustPin | undefined;
  /** Whether the state may vouch for itself where nothing is pinned: in CI, where the base branch is what is protected. */
  readonly selfAnchored: boolean;
  /** RFC 3339 in UTC. */
  readonly now: string;
};

/** Whose signatures count in a state of the repository. */
export const trustOfSide = async (side: Side, project: string, { pin, selfAnchored, now }: TrustAnchor): Promise<SideTrust> => {
  const chain = await trustChainOf(side, project);
  if (pin !== undefined) {
    const { lastSeen: _, ...roots } = pin;
    return { standing: trustStanding({ pin: roots, chain, now }, TRUST_PORTS), anchor: 'pinned' };
  }
  const own = selfAnchored ? trustIn(chain.at(-1)) : undefined;
  if (own === undefined) return { standing: trustStanding({ chain, now }, TRUST_PORTS), anchor: 'pinned' };
  const { lastSeen: _, ...roots } = pinOf(own);
  return { standing: trustStanding({ pin: roots, chain: chain.slice(-1), now }, TRUST_PORTS), anchor: 'base' };
};
