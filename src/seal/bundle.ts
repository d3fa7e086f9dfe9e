/** One signed document with what its signature is checked with, all bytes decoded. */
export type Bundle = {
  readonly version: '0.1' | '0.2' | '0.3';
  readonly content: DsseContent | MessageContent;
  readonly signer: SignerMaterial;
  /** Responses of time authorities over the bytes of the signature, in DER. */
  readonly timestamps: readonly Uint8Array[];
  readonly logEntries: readonly LogEntry[];
};

/** A document inside an envelope. `payload` are the bytes that were signed: only they may be read further. */
export type DsseContent = { readonly kind: 'dsse'; readonly payloadType: string; readonly payload: Uint8Array; readonly signature: Uint8Array };

/** A signature over a file that lies elsewhere. */
export type MessageContent = {
  readonly kind: 'message';
  readonly signature: Uint8Array;
  readonly digest?: { readonly algorithm: 'SHA2_256' | 'SHA2_384' | 'SHA2_512'; readonly bytes: Uint8Array };
};

/** How the key of the signature is found: by a hint, which decides nothing, or in a certificate (DER, the signer's first). */
export type SignerMaterial = { readonly kind: 'key'; readonly hint?: string } | { readonly kind: 'certificate'; readonly certificates: readonly Uint8Array[] };

/** An entry in a Rekor log. Indices and times are those of the log's JSON, as bigint: they may exceed 2^53. */
export type LogEntry = {
  readonly logIndex: bigint;
  readonly logKeyId: Uint8Array;
  readonly kind?: { readonly name: string; readonly version: string };
  /** Unit: second since 1970; zero where the log gives none. */
  readonly integratedTime: bigint;
  readonly promise?: Uint8Array;
  readonly proof?: {
    readonly logIndex: bigint;
    readonly rootHash: Uint8Array;
    readonly treeSize: bigint;
    readonly hashes: readonly Uint8Array[];
    readonly checkpoint?: string;
  };
  readonly body: Uint8Array;
};
