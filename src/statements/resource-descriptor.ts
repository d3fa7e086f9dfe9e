/** A thing that a statement names. At least one of uri and digest is there. Source: in-toto attestation v1, ResourceDescriptor. */
export type ResourceDescriptor = {
  readonly name?: string;
  readonly uri?: string;
  readonly digest?: Readonly<Record<string, string>>;
  readonly mediaType?: string;
  /** What is ours to say about it; SLSA has no other place for it. Always texts. */
  readonly annotations?: Readonly<Record<string, string>>;
};

/** Whether text is an absolute URI as far as the scheme tells; addresses are never fetched, only named. Source: RFC 3986 §3.1. */
export const isUri = (text: string): boolean => /^[A-Za-z][A-Za-z0-9+.-]{0,63}:[^\s]{1,4096}$/.test(text);
