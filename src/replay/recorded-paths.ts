import { isBelow, pathOfName } from '#assembly';
import type { Manifest } from '#manifest';

export type PathMap = readonly { readonly from: string; readonly to: string }[];

/** The roots of a manifest as absolute paths of the machine that recorded it; roots that stand on each other are followed. */
export const recordedRoots = (manifest: Pick<Manifest, 'run'>): Readonly<Record<string, string>> => {
  const roots: Record<string, string> = {};
  const given = Object.entries(manifest.run.roots);
  for (let round = 0; round <= given.length; round += 1) {
    for (const [name, path] of given) {
      const absolute = pathOfName(path, roots);
      if (roots[name] === undefined && absolute !== undefined) roots[name] = absolute;
    }
  }
  return roots;
};

/** Where something recorded at a path lies now. The longest entry of the map that fits decides. */
export const mappedPath = (path: string, map: PathMap): string => {
  const entry = [...map].sort((a, b) => b.from.length - a.from.length).find((one) => isBelow(path, one.from));
  return entry === undefined ? path : entry.to + path.slice(entry.from.length);
};

/** Text in which recorded paths may stand (an argument, a variable) with the paths of now. */
export const mappedText = (text: string, map: PathMap): string => {
  const entries = [...map].sort((a, b) => b.from.length - a.from.length);
  if (entries.length === 0) return text;
  const pattern = new RegExp(`(?<![\\w./-])(${entries.map((one) => one.from.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})(?=[/:;,"'\\s]|$)`, 'g');
  return text.replace(pattern, (match) => entries.find((one) => one.from === match)?.to ?? match);
};
