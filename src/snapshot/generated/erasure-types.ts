// Generated from https://trainlock.dev/schema/erasure/v0.schema.json by npm run generate; do not edit.

/** States that data was erased on purpose: records that name it stay valid, and its absence is no damage. */
export type Erasure = {
  /** Version of this schema, major and minor. */
  readonly schemaVersion: string;
  /** When it was stated. */
  readonly erasedAt: Time;
  /** Who stated it, as the machine knows. */
  readonly by: Label;
  /** Why, as a person wrote it. */
  readonly reason: Text;
  /** SHA-256 of the file list of the data that was erased. */
  readonly listSha256: Sha256;
  /** RFC 6962 root over that list. */
  readonly treeRoot: Sha256;
  /** Files of the data that was erased, or of which parts were. */
  readonly fileCount: Count;
  /** Rows that were erased, if a person said how many. Unit: row. */
  readonly rowCount?: Count;
  /** SHA-256 of the document of the snapshot that was meant. */
  readonly snapshotSha256?: Sha256;
  /** SHA-256 of the file list of what is left. */
  readonly replacementListSha256?: Sha256;
  /** RFC 6962 root over the list of what is left. */
  readonly replacementTreeRoot?: Sha256;
  /** Stored copies that were removed with it. */
  readonly objectsRemoved?: Count;
};

/** SHA-256 in lower-case hexadecimal. */
export type Sha256 = string;

/** RFC 3339 in UTC. */
export type Time = string;

/** A number of things. */
export type Count = number;

/** Text. */
export type Text = string;

/** Short text. */
export type Label = string;
