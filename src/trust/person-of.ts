import type { TrustedSigner } from './trust.ts';

/** Who stands behind a signer: signers with the same person are one. A machine or service stands for itself, never for the person behind it. */
export const personOf = ({ name, person, kind }: Pick<TrustedSigner, 'name' | 'person' | 'kind'>): string => (kind === 'person' ? (person ?? name) : name);
