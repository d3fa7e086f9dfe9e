import type { Manifest } from './generated/manifest-types.ts';

/** How a value at a place is known: by the longest prefix of its pointer of which the record says so, and captured where it says nothing. */
export const originOf = ({ capture }: Pick<Manifest, 'capture'>, pointer: string): Manifest['capture']['origins'][string] => {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const origin = capture.origins[at];
    if (origin !== undefined || at === '') return origin ?? 'captured';
  }
};
