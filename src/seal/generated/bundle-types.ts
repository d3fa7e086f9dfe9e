// Generated from https://trainlock.dev/schema/bundle/v0.schema.json by npm run generate; do not edit.

/** What a Sigstore bundle may hold, closed: a member that is not known here is an error. Source: sigstore/protobuf-specs, sigstore_bundle.proto. */
export type BundleDocument = {
  /** Form of the bundle. */
  readonly mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json' | 'application/vnd.dev.sigstore.bundle+json;version=0.3' | 'application/vnd.dev.sigstore.bundle+json;version=0.2' | 'application/vnd.dev.sigstore.bundle+json;version=0.1';
  /** What a signature is checked with. */
  readonly verificationMaterial: {
    /** Names a key that the verifier knows. */
    readonly publicKey?: {
      /** Helps to find the key; decides nothing. */
      readonly hint?: string;
    };
    /** Certificate of the signer. */
    readonly certificate?: {
      /** DER of one X.509 certificate. Standard base64. */
      readonly rawBytes: string;
    };
    /** Only in versions 0.1 and 0.2. */
    readonly x509CertificateChain?: {
      /** The signer's first. */
      readonly certificates: readonly ({
        /** DER of one X.509 certificate. Standard base64. */
        readonly rawBytes: string;
      })[];
    };
    /** Entries in a transparency log of Rekor. */
    readonly tlogEntries?: readonly ({
      /** Place in the whole log. A number in decimal digits, as the JSON form of a 64-bit integer has it. */
      readonly logIndex: string;
      /** Which log. */
      readonly logId: {
        /** Digest of the key of the log. Standard base64. */
        readonly keyId: string;
      };
      /** Kind of the entry. */
      readonly kindVersion?: {
        /** Name. */
        readonly kind: string;
        /** Version of the kind. */
        readonly version: string;
      };
      /** When the log took it in. Unit: second since 1970. A number in decimal digits, as the JSON form of a 64-bit integer has it. */
      readonly integratedTime?: string;
      /** Promise of the log to take it in. */
      readonly inclusionPromise?: {
        /** Signature of the log. Standard base64. */
        readonly signedEntryTimestamp: string;
      };
      /** Proof that it is in the log. */
      readonly inclusionProof?: {
        /** Place in this tree. A number in decimal digits, as the JSON form of a 64-bit integer has it. */
        readonly logIndex: string;
        /** Root of the tree. Standard base64. */
        readonly rootHash: string;
        /** Leaves of the tree. A number in decimal digits, as the JSON form of a 64-bit integer has it. */
        readonly treeSize: string;
        /** From the leaf up. */
        readonly hashes?: readonly (string)[];
        /** Signed head of the log. */
        readonly checkpoint?: {
          /** Text of a signed note. */
          readonly envelope: string;
        };
      };
      /** Bytes of the leaf. Standard base64. */
      readonly canonicalizedBody: string;
    })[];
    /** Tokens of time authorities. */
    readonly timestampVerificationData?: {
      /** One for each authority. */
      readonly rfc3161Timestamps?: readonly ({
        /** Response of RFC 3161 in DER, over the bytes of the signature. Standard base64. */
        readonly signedTimestamp: string;
      })[];
    };
  };
  /** A signed document. Source: DSSE 1.0. */
  readonly dsseEnvelope?: {
    /** The signed bytes. Standard base64. */
    readonly payload: string;
    /** Media type of the payload. */
    readonly payloadType: string;
    /** Exactly one. */
    readonly signatures: readonly ({
      /** Not signed, decides nothing. */
      readonly keyid?: string;
      /** Bytes of the signature. Standard base64. */
      readonly sig: string;
    })[];
  };
  /** A signature over a file that is elsewhere. */
  readonly messageSignature?: {
    /** Digest of the file; helps to find it, decides nothing. */
    readonly messageDigest?: {
      /** Hash function. */
      readonly algorithm: 'SHA2_256' | 'SHA2_384' | 'SHA2_512';
      /** Bytes of the digest. Standard base64. */
      readonly digest: string;
    };
    /** Bytes of the signature. Standard base64. */
    readonly signature: string;
  };
};

