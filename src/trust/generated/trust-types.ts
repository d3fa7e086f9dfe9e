// Generated from https://trainlock.dev/schema/trust/v0.schema.json by npm run generate; do not edit.

/** Whose signatures count, for what, where and when: the payload of trust.json, signed by a threshold of its root keys. Closed: a member that is not known is an error. */
export type TrustDocument = {
  /** Version of this schema, major and minor. */
  readonly schemaVersion: string;
  /** Number of this file; only goes up. */
  readonly version: number;
  /** When it was written. */
  readonly issuedAt: Time;
  /** From this moment on the file no longer counts: a newer one must have come, so that nobody can hide one for long. */
  readonly expiresAt: Time;
  /** How many of the roots must sign. Never more than there are roots. */
  readonly threshold: number;
  /** Keys that sign this file and the next one. */
  readonly roots: readonly ({
    /** SHA-256 of the SubjectPublicKeyInfo of the key; must be that of the key beside it. */
    readonly keyId: Sha256;
    /** The key in PEM. */
    readonly publicKey: PublicKey;
    /** Who holds it. */
    readonly name: Label;
  })[];
  /** Whose signatures count. */
  readonly signers: readonly (Signer)[];
  /** Whose time tokens count. */
  readonly timeAuthorities?: readonly ({
    /** Name of the authority, once in the file. */
    readonly name: Label;
    /** Where tokens are asked for. Nothing is fetched from it because it stands here. */
    readonly url?: string;
    /** Certificates in PEM: the one that signs tokens first, the root last. */
    readonly certificateChain: readonly (string)[];
  })[];
  /** Transparency logs whose checkpoints count. */
  readonly logs?: readonly ({
    /** First line of its checkpoints, exactly. */
    readonly origin: Label;
    /** Verifier key of the log: Ed25519. */
    readonly key: NoteKey;
  })[];
  /** Who cosigns checkpoints; each key once. */
  readonly witnesses?: readonly ({
    /** Name of the witness, once in the file. */
    readonly name: Label;
    /** Verifier key of the witness: Ed25519 cosignature. */
    readonly key: NoteKey;
  })[];
  /** SHA-256 of the payload of the version before this one. */
  readonly previousSha256?: Sha256;
};

/** SHA-256 in lower-case hexadecimal. */
export type Sha256 = string;

/** RFC 3339 in UTC. */
export type Time = string;

/** Short text. */
export type Label = string;

/** SubjectPublicKeyInfo in PEM: ECDSA P-256, Ed25519, or RSA of 3072 bits and more. Source: RFC 7468 §13. */
export type PublicKey = string;

/** Verifier key of signed notes: name, key id and key. Source: c2sp.org/signed-note. */
export type NoteKey = string;

/** What a signer may do. */
export type Role = 'initiator' | 'signer' | 'approver-data' | 'approver-dependency' | 'approver-model' | 'deployer' | 'auditor' | 'admin';

/** One person, machine or service, with everything it signs with. All its keys may sign the same. */
export type Signer = {
  /** Name of the signer, once in the file. */
  readonly name: Label;
  /** Who stands behind it: signers with the same person are one where persons are counted. */
  readonly person?: Label;
  /** What signs. Machines and services never stand for a person. */
  readonly kind: 'person' | 'machine' | 'service';
  /** Keys of the signer. A key belongs to one signer. */
  readonly keys?: readonly ({
    /** The key in PEM. */
    readonly publicKey: PublicKey;
    /** First moment at which a signature counts. Set only where times are proven: without a trusted time no bound can be judged, and the answer is no. */
    readonly validFrom?: Time;
    /** Last moment at which a signature counts. Older signatures that are proven to be older stay valid. */
    readonly validUntil?: Time;
    /** Says that it no longer counts. Not removed from the file, because older signatures are still judged. */
    readonly revoked?: {
      /** From this moment on it no longer counts; what is proven to be older stays valid, unless it was compromised. */
      readonly at: Time;
      /** Why, as a person wrote it. */
      readonly reason: Label;
      /** Since when somebody else may have used it: only what is proven to be older counts. Not after the moment of the revocation. */
      readonly compromisedSince?: Time;
    };
  })[];
  /** Identities in certificates, of CI for example. Compared as they are, never as patterns. */
  readonly identities?: readonly ({
    /** Who vouched for the identity: address of the OIDC issuer, exactly. */
    readonly issuer: string;
    /** Subject alternative name of the certificate, exactly. */
    readonly subject: string;
    /** First moment at which a signature counts. Set only where times are proven: without a trusted time no bound can be judged, and the answer is no. */
    readonly validFrom?: Time;
    /** Last moment at which a signature counts. Older signatures that are proven to be older stay valid. */
    readonly validUntil?: Time;
    /** Says that it no longer counts. Not removed from the file, because older signatures are still judged. */
    readonly revoked?: {
      /** From this moment on it no longer counts; what is proven to be older stays valid, unless it was compromised. */
      readonly at: Time;
      /** Why, as a person wrote it. */
      readonly reason: Label;
      /** Since when somebody else may have used it: only what is proven to be older counts. Not after the moment of the revocation. */
      readonly compromisedSince?: Time;
    };
  })[];
  /** What the signer may do. */
  readonly roles: readonly (Role)[];
  /** Predicate types that the signer may sign, exactly. */
  readonly statementTypes: readonly (string)[];
  /** Environments for which its signatures count; without it, for all. With it, a question that names no environment is answered with no. */
  readonly environments?: readonly (Label)[];
};
