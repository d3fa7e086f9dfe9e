/** A path as it was recorded: `raw` holds its bytes in base64 if they are not UTF-8. */
export type FilePath = { readonly path: string; readonly raw?: string };

/** What the disk says about a path. */
export type FileFacts = FilePath & {
  /**
   * file: a regular file, directly or through a link; special: a device, pipe, socket or a file the kernel makes up, which is
   * never read; absent: nothing there, or a link to nothing; unreadable: it is there and could not be read (see reason).
   */
  readonly kind: 'file' | 'folder' | 'special' | 'absent' | 'unreadable';
  /** Target text if the path is a symbolic link; everything else then describes what it resolved to. */
  readonly link?: string;
  readonly sizeBytes?: number;
  /** Nanoseconds since 1970. */
  readonly mtimeNs?: string;
  readonly ctimeNs?: string;
  readonly inode?: string;
  readonly device?: string;
  /** Permission bits in octal, four digits. */
  readonly mode?: string;
  /** SHA-256 of the content in lower-case hexadecimal. */
  readonly sha256?: string;
  /** True if the file was not the same before and after it was read: the digest then belongs to no moment. */
  readonly changed?: boolean;
  /** Why there is no digest. */
  readonly reason?: string;
};
