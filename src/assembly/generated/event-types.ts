// Generated from https://trainlock.dev/schema/events/v0.schema.json by npm run generate; do not edit.

/** One line of an event log that the Python shim appends while a process of the run lives. Raw facts only; meaning is given to them later. Real numbers are text, integers are safe integers; larger ones are text. A path that is not UTF-8 has its bytes beside it in base64 (raw…). */
export type TraceEvent = Start | Open | Absent | Database | Network | Rename | Remove | List | Spawn | Fork | Exec | Seed | State | Split | Order | Metric | Declare | Parameters | EnvironmentRead | Warning | Library | Threads | Runtime | Maps | Modules | SearchPath | Privacy | Fault | End;

/** Number of the line in its file, starting at 0, without holes. */
export type Seq = number;

/** Wall clock in microseconds since 1970. */
export type TimeUs = number;

/** Any text. */
export type Text = string;

/** Absolute path; bytes that are not UTF-8 are shown as U+FFFD. */
export type Path = string;

/** The bytes of the path in base64, only if they are not UTF-8. */
export type Raw = string;

/** A number of things. */
export type Count = number;

/** A non-negative integer as text. */
export type Digits = string;

/** Lower-case hexadecimal. */
export type Sha256 = string;

/** The calling place: file as an absolute path, line from 1, function, ordinal within the function from 0. */
export type Site = {
  readonly file: Path;
  readonly line?: Count;
  readonly function?: Text;
  readonly ordinal?: Count;
};

/** As in the manifest: int, ints, text, bytes (base64), float, absent, withheld. */
export type SeedValue = {
  readonly kind: 'int' | 'ints' | 'text' | 'bytes' | 'float' | 'absent' | 'withheld';
  readonly value?: string | readonly (string)[];
  readonly reason?: Text;
};

/** The first line of every file. parent is empty for the first process. how: exec for a new program, fork for a copy. rank, localRank and worldSize come from the environment of the process. */
export type Start = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'start';
  readonly version: 1;
  readonly process: Text;
  readonly parent: Text;
  readonly pid: Count;
  readonly ppid: Count;
  readonly how: 'exec' | 'fork';
  readonly argv: readonly (Text)[];
  readonly executable: Path;
  readonly implementation: Text;
  readonly pythonVersion: Text;
  readonly build?: Text;
  readonly compiler?: Text;
  readonly prefix?: Path;
  readonly basePrefix?: Path;
  readonly soabi?: Text;
  readonly cwd: Path;
  readonly hashSeed?: Text;
  readonly rank?: Count;
  readonly localRank?: Count;
  readonly worldSize?: Count;
  readonly launcher?: Text;
};

/** First opening of a file in a mode by this process: r read, w written (created, truncated or appended), rw both. sizeBytes and the times are those found just before opening; absent if the file did not exist. existed says whether it did. */
export type Open = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'open';
  readonly path: Path;
  readonly raw?: Raw;
  readonly mode: 'r' | 'w' | 'rw';
  readonly existed?: boolean;
  readonly sizeBytes?: Count;
  readonly mtimeNs?: Digits;
  readonly ctimeNs?: Digits;
  readonly inode?: Digits;
  readonly device?: Digits;
  readonly site?: Site;
};

/** An opening for reading that failed because there is no such file. */
export type Absent = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'absent';
  readonly path: Path;
  readonly raw?: Raw;
};

/** A database file was connected to, for example with sqlite3. */
export type Database = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'database';
  readonly path: Path;
  readonly raw?: Raw;
  readonly api: Text;
  readonly site?: Site;
};

/** A connection or request; a URL comes without credentials and query. */
export type Network = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'network';
  readonly api: Text;
  readonly target: Text;
  readonly site?: Site;
};

/** A file was renamed or linked to a new name. */
export type Rename = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'rename';
  readonly from: Path;
  readonly rawFrom?: Raw;
  readonly to: Path;
  readonly rawTo?: Raw;
};

/** A file was removed. */
export type Remove = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'remove';
  readonly path: Path;
  readonly raw?: Raw;
};

/** First listing of a folder by this process. */
export type List = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'list';
  readonly path: Path;
  readonly raw?: Raw;
  readonly site?: Site;
};

/** A program was started. child is the process id given to it, if it can be told; hooks: passed if our variables were handed on, lost otherwise. */
export type Spawn = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'spawn';
  readonly argv: readonly (Text)[];
  readonly child?: Text;
  readonly pid?: Count;
  readonly hooks: 'passed' | 'lost';
  readonly reason?: Text;
};

/** The process copied itself. */
export type Fork = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'fork';
  readonly child: Text;
};

/** The process is about to become another program. hooks: lost if it is Python and our hooks will not run in it. */
export type Exec = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'exec';
  readonly argv: readonly (Text)[];
  readonly hooks?: 'lost';
  readonly reason?: Text;
};

/** A generator was seeded. calls > 1 on a later line of the same place means: that many calls so far. calls 0: a generator that a library made at its import was prepared; a later line with calls 1 says that it was drawn from, and without one it was not, if the process told its end. */
export type Seed = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'seed';
  readonly library: Text;
  readonly api: Text;
  readonly how: 'explicit' | 'owned' | 'tape' | 'unseeded' | 'inherited';
  readonly seed: SeedValue;
  readonly site?: Site;
  readonly calls?: Count;
};

/** Digest of the state of a global generator. */
export type State = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'state';
  readonly library: Text;
  readonly at: 'start' | 'epoch' | 'checkpoint' | 'mark' | 'end';
  readonly ordinal?: Count;
  readonly sha256: Sha256;
};

/** Data was cut into parts; row numbers only as digests. */
export type Split = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'split';
  readonly method: Text;
  readonly ordinal: Count;
  readonly settings?: Readonly<Record<string, string>>;
  readonly total?: Count;
  readonly parts: readonly ({
    readonly name: Text;
    readonly count: Count;
    readonly orderSha256?: Sha256;
    readonly membershipSha256?: Sha256;
  })[];
  readonly overlapCount?: Count;
  readonly site?: Site;
};

/** The row numbers a sampler gave in one pass. */
export type Order = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'order';
  readonly method: Text;
  readonly ordinal: Count;
  readonly count: Count;
  readonly orderSha256: Sha256;
  readonly membershipSha256?: Sha256;
  readonly complete?: boolean;
  readonly site?: Site;
};

/** A number that the program named (api) or that a library function returned (observed). */
export type Metric = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'metric';
  readonly name: Text;
  readonly value: Text;
  readonly bits?: string;
  readonly stage?: Text;
  readonly split?: Text;
  readonly step?: Count;
  readonly source: 'api' | 'observed' | 'tool';
  readonly site?: Site;
};

/** The program told us something with the trainlock module. */
export type Declare = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'declare';
  readonly what: 'data' | 'output' | 'tag' | 'parameter' | 'split' | 'seed' | 'mark';
  readonly name: Text;
  readonly value?: Text;
  readonly type?: Text;
  readonly path?: Path;
  readonly raw?: Raw;
  readonly role?: Text;
  readonly sha256?: Sha256;
  readonly count?: Count;
  readonly site?: Site;
};

/** Parsed arguments of the program. */
export type Parameters = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'parameters';
  readonly source: 'argparse' | 'click' | 'hydra';
  readonly entries: readonly ({
    readonly name: Text;
    readonly value: Text;
    readonly type: 'int' | 'float' | 'bool' | 'text' | 'null' | 'list' | 'other';
    readonly isDefault?: boolean;
  })[];
};

/** Names of environment variables that the program was seen to read, never their values. */
export type EnvironmentRead = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'environment-read';
  readonly names: readonly (Text)[];
};

/** A warning that was shown. Each showing is told up to twenty times; count on a last line says how often more. */
export type Warning = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'warning';
  readonly category: Text;
  readonly message: Text;
  readonly deprecation?: boolean;
  readonly file?: Path;
  readonly line?: Count;
  readonly count?: Count;
};

/** A numeric library in use, with its own text about its build. Told at the end, only of what was imported. */
export type Library = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'library';
  readonly name: Text;
  readonly version: Text;
  readonly configuration?: Text;
};

/** BLAS and OpenMP libraries mapped at the end, asked through ctypes. */
export type Threads = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'threads';
  readonly pools: readonly ({
    readonly api: Text;
    readonly path: Path;
    readonly version?: Text;
    readonly kernel?: Text;
    readonly threads?: Count;
    readonly configuration?: Text;
  })[];
};

/** Settings of numeric libraries at the end: name to text. */
export type Runtime = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'runtime';
  readonly settings: Readonly<Record<string, string>>;
};

/** Files mapped into memory at the end: libraries (executable) and others. */
export type Maps = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'maps';
  readonly libraries: readonly (Path)[];
  readonly files: readonly (Path)[];
};

/** At the end: imported top-level names, and files of modules outside site-packages and the standard library. */
export type Modules = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'modules';
  readonly names: readonly (Text)[];
  readonly files: readonly (Path)[];
};

/** sys.path at the end, without our own folder. */
export type SearchPath = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'search-path';
  readonly paths: readonly (Path)[];
};

/** A library for differential privacy was imported; from now on nothing is drawn from the root. */
export type Privacy = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'privacy';
  readonly library: Text;
};

/** A hook failed; the program went on. what: which hook. */
export type Fault = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'fault';
  readonly what: Text;
  readonly message: Text;
};

/** The process ran its exit handlers. */
export type End = {
  readonly seq: Seq;
  readonly timeUs: TimeUs;
  readonly kind: 'end';
  readonly userMs?: Count;
  readonly systemMs?: Count;
  readonly peakMemoryBytes?: Count;
};
