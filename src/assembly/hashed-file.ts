/** What the disk said about a file when it was hashed; structurally what the room files reports. */
export type HashedFile = {
  readonly path: string;
  /** Bytes of the path in base64 if they are not UTF-8. */
  readonly raw?: string;
  readonly kind: 'file' | 'folder' | 'special' | 'absent' | 'unreadable';
  readonly link?: string;
  readonly sizeBytes?: number;
  readonly mtimeNs?: string;
  readonly ctimeNs?: string;
  readonly inode?: string;
  readonly device?: string;
  readonly mode?: string;
  readonly sha256?: string;
  /** Whether it changed while it was being hashed. */
  readonly changed?: boolean;
  readonly reason?: string;
};

/** A file whose bytes are in the object store. */
export type StoredFile = { readonly sha256: string; /** When it had been changed last. */ readonly mtimeNs?: string };
