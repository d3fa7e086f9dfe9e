import type { RefusedTrust } from './accept-trust.ts';
import type { PinnedRoots } from './pinned-roots.ts';

/**
 * Whether a trust file may be refused only because the pin is that of another one, such as that of another project: none of its roots is
 * pinned, or another version was seen with them, as when one root signs the trust files of two projects. Whether it is that, or somebody
 * has put another file in place, only those who hold the roots can say.
 */
export const mayBeOther = ({ refusal }: Pick<RefusedTrust, 'refusal'>, pin: Pick<PinnedRoots, 'roots'>, roots: readonly { readonly keyId: string }[]): boolean =>
  refusal === 'below-threshold'
    ? !pin.roots.some(({ keyId }) => roots.some((root) => root.keyId === keyId))
    : refusal === 'same-version-other-content' || refusal === 'rollback' || refusal === 'not-linked';
