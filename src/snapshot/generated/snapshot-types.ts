// Generated from https://trainlock.dev/schema/snapshot/v0.schema.json by npm run generate; do not edit.

/** A data set at one moment: its files, and what they say. */
export type Snapshot = {
  /** Version of this schema, major and minor. */
  readonly schemaVersion: string;
  /** Name that a person gave. */
  readonly name?: Label;
  /** When the walk over the files began. */
  readonly takenAt: Time;
  /** Program and version that took it. */
  readonly tool: Label;
  /** Folder or file that was taken. */
  readonly path: Path;
  readonly origin: Origin;
  readonly list: FileList;
  /** Whether every file that was met could be read, unchanged. A snapshot that is not complete says in findings what is missing. */
  readonly complete: boolean;
  /** Globs of paths that were left out. */
  readonly ignored?: readonly (Text)[];
  /** What was found about paths, the first thousand. */
  readonly findings?: readonly (Finding)[];
  /** Number of findings, also of those that are not listed. */
  readonly findingCount?: Count;
  /** What the tables say. */
  readonly tables?: readonly (Table)[];
  /** Folders of images, recordings and texts. */
  readonly media?: readonly (Media)[];
};

/** SHA-256 in lower-case hexadecimal. */
export type Sha256 = string;

/** RFC 3339 in UTC. */
export type Time = string;

/** A number of things. */
export type Count = number;

/** A size. Unit: byte. */
export type Bytes = number;

/** Short text. */
export type Label = string;

/** Text. */
export type Text = string;

/** A path, relative to a named folder where it lies below one. */
export type Path = string;

/** The bytes of the name in base64, where they are not portable text. */
export type RawName = string;

/** A real number in decimal, or NaN, Infinity, -Infinity. */
export type Real = string;

/** A value of an ordered column as text: a number, date or time. */
export type Value = string;

/** Where the data comes from. */
export type Origin = {
  /** The kind of origin. */
  readonly kind: 'local' | 'git' | 'git-lfs' | 'dvc' | 'hub' | 'http' | 's3' | 'database';
  /** Where it came from, credentials removed. */
  readonly uri?: Text;
  /** Version at the origin: commit, ETag or version id. */
  readonly revision?: Label;
  /** Path inside the repository or bucket. */
  readonly path?: Path;
  /** Statement, if it comes from a database. */
  readonly query?: Text;
  /** Rows of the result of the query. */
  readonly rowCount?: Count;
  /** Content digest of the result of the query. */
  readonly resultSha256?: Sha256;
  /** When it was fetched. */
  readonly retrievedAt?: Time;
  /** Digests that another tool had recorded; trainlock did not compute them. */
  readonly imported?: readonly (ImportedDigest)[];
  /** Objects of a bucket with their versions, if they are few; else see the file list. */
  readonly objects?: readonly ({
    /** Key of the object. */
    readonly key: Path;
    /** Version id, where the bucket keeps versions. */
    readonly versionId?: Label;
    /** Entity tag. */
    readonly etag?: Label;
  })[];
};

/** A digest that another tool recorded. */
export type ImportedDigest = {
  /** Name of the algorithm. */
  readonly algorithm: Label;
  /** The digest as it was recorded. */
  readonly digest: Label;
  /** The file it belongs to. */
  readonly path?: Path;
};

/** Something about one path that a person should know. */
export type Finding = {
  /** What was found. */
  readonly kind: 'unreadable' | 'special' | 'dangling' | 'loop' | 'outside' | 'limit' | 'changed' | 'vanished' | 'secret-file' | 'left-out' | 'linked-folder' | 'not-text' | 'not-normalised' | 'case-collision' | 'reserved' | 'control-character' | 'windows-character' | 'trailing-dot-or-space' | 'too-long';
  /** The path, relative to the root of the snapshot. */
  readonly path: Path;
  readonly rawName?: RawName;
  /** The other name, for a collision. */
  readonly other?: Path;
  /** Why, in words. */
  readonly reason?: Text;
};

/** The files, as a list object of the store. */
export type FileList = {
  /** SHA-256 of the bytes of the list. */
  readonly sha256: Sha256;
  /** RFC 6962 Merkle root over the lines of the list. */
  readonly treeRoot: Sha256;
  /** Number of files. */
  readonly fileCount: Count;
  /** Sum of the file sizes. */
  readonly totalBytes: Bytes;
  /** The h1 hash of Go modules over the same files; none if a name has a line feed, which h1 forbids. */
  readonly dirHash?: string;
  /** SHA-256 of the folder index of the list. */
  readonly indexSha256?: Sha256;
  /** SHA-256 of the list of chunk digests of big files, if there are any. */
  readonly chunksSha256?: Sha256;
};

/** One column of a table and its profile. */
export type Column = {
  /** Name of the column. */
  readonly name: Label;
  /** Type as DuckDB names it. */
  readonly type: Label;
  /** full: all figures; counts: missing and distinct values only; off: nothing. */
  readonly detail?: 'full' | 'counts' | 'off';
  /** Rows without a value. Unit: row. */
  readonly missing?: Count;
  /** Different values, estimated. */
  readonly distinct?: Count;
  /** Smallest value of an ordered column. */
  readonly min?: Value;
  /** Largest value of an ordered column. */
  readonly max?: Value;
  /** Mean of the values. */
  readonly mean?: Real;
  /** Of the sample. */
  readonly standardDeviation?: Real;
  /** Quantiles of an ordered column, estimated. */
  readonly quantiles?: readonly ({
    /** Share of the rows below. */
    readonly at: Real;
    /** The value. */
    readonly value: Value;
  })[];
  /** Rows by bins of equal width between smallest and largest. */
  readonly histogram?: {
    /** Borders of the bins, one more than bins. */
    readonly edges: readonly (Real)[];
    /** Rows in each bin; the last bin takes its upper border. */
    readonly counts: readonly (Count)[];
  };
  /** The most frequent values, only those that enough rows share. */
  readonly categories?: readonly ({
    /** The value. */
    readonly value: string;
    /** Rows with it. Unit: row. */
    readonly count: Count;
  })[];
  /** Rows with a value that is not listed. Unit: row. */
  readonly otherCount?: Count;
  /** Lengths of texts. */
  readonly lengths?: {
    /** Shortest. Unit: character. */
    readonly min: Count;
    /** Longest. Unit: character. */
    readonly max: Count;
    /** Mean. */
    readonly mean: Real;
  };
};

/** A table in one file, in many files of one form, or in a container. */
export type Table = {
  /** The file, relative to the root of the snapshot; for many files the folder and a pattern. */
  readonly path: Path;
  /** Name of the table or data set inside the file. */
  readonly inner?: Label;
  /** How it is stored. */
  readonly format: 'csv' | 'tsv' | 'jsonl' | 'parquet' | 'arrow' | 'npy' | 'npz' | 'sqlite' | 'hdf5';
  /** Number of files that make the table. */
  readonly fileCount: Count;
  /** Number of rows. Unit: row. */
  readonly rowCount?: Count;
  /** Columns in order. */
  readonly columns?: readonly (Column)[];
  /** Digest of the rows whatever their order, the order of the columns and the format. Source: docs/reference/snapshots.md. */
  readonly contentSha256?: Sha256;
  /** The column that holds the label. */
  readonly label?: Label;
  /** Why the table could not be read whole. */
  readonly problem?: Text;
};

/** Smallest, largest and mean. */
export type Range = {
  /** Smallest. */
  readonly min: Count;
  /** Largest. */
  readonly max: Count;
  /** Mean. */
  readonly mean: Real;
};

/** Images, recordings or texts of a folder. */
export type Media = {
  /** The folder, relative to the root of the snapshot; . for the root. */
  readonly path: Path;
  /** What the files are. */
  readonly kind: 'image' | 'audio' | 'text';
  /** Number of files. */
  readonly fileCount: Count;
  /** Sum of the file sizes. */
  readonly totalBytes: Bytes;
  /** Files by format. */
  readonly formats?: readonly ({
    /** Name of the format. */
    readonly name: Label;
    /** Files of it. */
    readonly count: Count;
  })[];
  /** Files by the folder they lie in, which is the label in many data sets. */
  readonly classes?: readonly ({
    /** Name of the folder. */
    readonly name: Label;
    /** Files in it. */
    readonly count: Count;
  })[];
  /** Width of images. Unit: pixel. */
  readonly width?: Range;
  /** Height of images. Unit: pixel. */
  readonly height?: Range;
  /** Duration of recordings. Unit: ms. */
  readonly durationMs?: Range;
  /** Sample rate of recordings. Unit: Hz. */
  readonly sampleRateHz?: Range;
  /** Lines of texts. */
  readonly lines?: Range;
  /** Files that could not be read as what their name says. */
  readonly unreadableCount?: Count;
};
