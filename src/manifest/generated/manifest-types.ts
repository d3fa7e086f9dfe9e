// Generated from https://trainlock.dev/schema/manifest/v1.schema.json by npm run generate; do not edit.

/** Everything that decided one training run. It is the predicate of an in-toto Statement v1 whose subjects are the outputs of the run. Absent means not recorded; it never means empty, zero or false. */
export type Manifest = {
  /** Major and minor version of this contract. A minor only adds optional fields. */
  readonly schemaVersion: string;
  /** JSON pointers of fields that a reader must understand; a reader that does not know one of them must not give a verdict. */
  readonly critical: readonly (Pointer)[];
  readonly run: Run;
  /** The settings the program ran with, in the order in which they were found. */
  readonly parameters: readonly (Parameter)[];
  readonly randomness: Randomness;
  /** Every data set, file or folder that the run read, with origin, digests, splits and preprocessing. */
  readonly data: readonly (DataSet)[];
  readonly code: Code;
  readonly dependencies: Dependencies;
  readonly environment: Environment;
  readonly distributed?: Distributed;
  readonly evaluation: Evaluation;
  /** Every file that the run wrote and left behind. */
  readonly outputs: readonly (Output)[];
  readonly model?: Model;
  /** Every process of the run that was seen, with its parent and whether our hooks were active in it. */
  readonly processes: readonly (Process)[];
  readonly logs: Logs;
  readonly governance?: Governance;
  readonly lineage: Lineage;
  readonly capture: Capture;
  /** Free text that people or tools attach; never used for a verdict. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Data of other tools under a name they own (a reverse domain). Readers keep what they do not know. */
  readonly extensions?: Readonly<Record<string, unknown>>;
};

/** Digest in lower-case hexadecimal. Source: FIPS 180-4. */
export type Sha256 = string;

/** RFC 3339 in UTC with milliseconds. Unit: RFC 3339 UTC. */
export type Time = string;

/** A number of things. */
export type Count = number;

/** A size in bytes. Unit: byte. */
export type Bytes = number;

/** A duration in milliseconds. Unit: ms. */
export type Milliseconds = number;

/** A place in this document. Source: RFC 6901. */
export type Pointer = string;

/** Text of a person or a program. */
export type Text = string;

/** A short text. */
export type Label = string;

/** A path, relative to one of the roots in run.roots where possible (${project}/data/a.csv), else absolute. */
export type Path = string;

/** The bytes of a path that is not valid UTF-8, in base64; the text beside it is for display only. */
export type RawName = string;

/** A decimal as the program printed it; not-finite values are NaN, Infinity and -Infinity. */
export type Real = string;

/** The binary64 encoding, big endian, in hexadecimal. */
export type Bits = string;

/** An integer of any size in decimal. */
export type Integer = string;

/** Whether something holds; unknown is said and never taken for yes. */
export type YesNo = 'yes' | 'no' | 'unknown';

/** Facts of the platform as name and value. */
export type Platform = Readonly<Record<string, string>>;

/** Where in the program something happened. */
export type Site = {
  /** The calling file. */
  readonly file: Path;
  /** Line number, starting at 1; recorded for people, never part of an entropy key. Unit: line. */
  readonly line?: Count;
  /** Name of the calling function. */
  readonly function?: Label;
  /** The how-many-eth call of this kind from this function, starting at 0. */
  readonly ordinal?: Count;
};

/** A seed as it was given: Python takes integers, several integers, text, bytes, floats or nothing. */
export type Seed = {
  /** Which kind of seed. */
  readonly kind: 'int';
  readonly value: Integer;
} | {
  /** Which kind of seed. */
  readonly kind: 'ints';
  /** The integers in order. */
  readonly value: readonly (Integer)[];
} | {
  /** Which kind of seed. */
  readonly kind: 'text';
  readonly value: Text;
} | {
  /** Which kind of seed. */
  readonly kind: 'bytes';
  /** The bytes in base64. */
  readonly value: RawName;
} | {
  /** Which kind of seed. */
  readonly kind: 'float';
  readonly value: Real;
} | {
  /** Which kind of seed. */
  readonly kind: 'absent';
} | {
  /** Which kind of seed. */
  readonly kind: 'withheld';
  /** Why it is not shown. */
  readonly reason: Label;
};

/** One file and its content at the moment it was hashed. */
export type FileDigest = {
  readonly path: Path;
  readonly rawName?: RawName;
  readonly sizeBytes?: Bytes;
  readonly sha256?: Sha256;
  /** The target text, if the path is a symbolic link; the digest is that of what it resolved to. */
  readonly link?: Path;
  /** POSIX permission bits in octal. */
  readonly mode?: string;
  /** Whether the bytes are in the object store. */
  readonly stored?: boolean;
  /** Why bytes and digest are not recorded, for example because a secret was found. */
  readonly withheld?: Label;
};

/** Who ran what, when and why. */
export type Run = {
  /** UUIDv4 of the run. */
  readonly id: string;
  /** A name people use for the run. */
  readonly name?: Label;
  /** Key and value pairs set by people when the run was recorded. */
  readonly tags?: Readonly<Record<string, string>>;
  /** When the command was started. */
  readonly startedAt: Time;
  /** When the end of the command was seen; absent if nobody saw it. */
  readonly finishedAt?: Time;
  /** Where the times come from and whether that clock was synchronised. */
  readonly clock: {
    /** The clock; unknown where the record does not say which one it was. */
    readonly source: 'system' | 'unknown';
    /** Whether the system says that its clock follows a time source. */
    readonly synchronised: YesNo;
  };
  /** The person or machine that started the run, and how that is known. */
  readonly participant: {
    /** Person or machine. */
    readonly kind: 'person' | 'machine';
    /** Name or account. */
    readonly name: Label;
    /** Address, if the source has one. */
    readonly email?: Label;
    /** Account of the operating system. */
    readonly account?: Label;
    /** How it is known. */
    readonly source: 'declared' | 'git-config' | 'os-account' | 'ci' | 'scheduler';
  };
  /** Why the run was made, in the words of the person. */
  readonly purpose?: Text;
  /** The argument vector as it was started, secrets masked. */
  readonly command: readonly (string)[];
  /** The script or module that the command names. */
  readonly entryPoint?: FileDigest;
  /** Where the command was started. */
  readonly workingDirectory: Path;
  /** What the names in front of paths stood for on this machine. */
  readonly roots: Readonly<Record<string, Path>>;
  /** How the command ended. */
  readonly exit: {
    /** exited: with a code; signalled: by a signal; not-started: the program could not be started; lost: nobody saw the end. */
    readonly kind: 'exited' | 'signalled' | 'not-started' | 'lost';
    /** The code of the program. */
    readonly code?: number;
    /** Name of the signal. */
    readonly signal?: string;
    /** What is known about the cause, for example out of memory. */
    readonly reason?: Label;
  };
  /** What started the run. */
  readonly trigger?: {
    /** The kind of trigger. */
    readonly kind: 'interactive' | 'script' | 'ci' | 'scheduler' | 'replay' | 'experiment';
    /** Name of the CI or the scheduler. */
    readonly system?: Label;
    /** Its job id. */
    readonly job?: Label;
    /** Where to look at the job. */
    readonly url?: Label;
  };
  /** Runs that this one continues or repeats. */
  readonly parents?: readonly ({
    /** How the runs are related. upgrade: the same code, data and seeds with other packages. */
    readonly kind: 'stage' | 'trial' | 'resume' | 'retry' | 'replay' | 'upgrade';
    /** Id of the parent. */
    readonly run: Label;
    /** Identity of the manifest of the parent. */
    readonly manifestSha256?: Sha256;
    /** The checkpoint from which the run was resumed. */
    readonly checkpointSha256?: Sha256;
  })[];
  /** What the command and its children consumed. */
  readonly usage?: {
    /** From start to exit of the command. */
    readonly wallMs?: Milliseconds;
    /** CPU time in user mode. */
    readonly cpuUserMs?: Milliseconds;
    /** CPU time in the kernel. */
    readonly cpuSystemMs?: Milliseconds;
    /** GPU time, if the driver tells. */
    readonly gpuMs?: Milliseconds;
    /** Largest resident set of one process. */
    readonly peakMemoryBytes?: Bytes;
  };
};

/** One setting. */
export type Parameter = {
  /** Name; nested names are joined with dots. */
  readonly name: Label;
  /** Value as text, as the program would print it. */
  readonly value: Text;
  /** Type of the value. */
  readonly type: 'int' | 'float' | 'bool' | 'text' | 'null' | 'list' | 'other';
  /** Where the value comes from. */
  readonly source: 'argparse' | 'hydra' | 'click' | 'yaml' | 'json' | 'toml' | 'environment' | 'declared' | 'api';
  /** The configuration file, if it comes from one. */
  readonly file?: Path;
  /** Whether it is the default of the program. */
  readonly isDefault?: boolean;
  /** Whether the value was replaced, because it looked like a secret. */
  readonly masked: boolean;
};

/** Every source of randomness that was seen, and what makes the run repeatable. */
export type Randomness = {
  /** own: unseeded sources drew from the root; observe: they were only recorded; off: no hooks ran. */
  readonly mode: 'own' | 'observe' | 'off';
  /** Commitment to the 256-bit entropy root. The root itself lies apart from the record. */
  readonly root?: {
    /** SHA-256 of the text trainlock-root-v1, a zero byte and the root. */
    readonly commitment: Sha256;
    /** The rule by which seeds are derived from the root. */
    readonly derivation?: 'trainlock-seed-v1';
  };
  /** The seed of string hashing, which decides the order of sets. */
  readonly hashSeed: {
    /** drawn: from the root; user: was set before; random: left to the interpreter. */
    readonly source: 'drawn' | 'user' | 'random';
    /** Value of PYTHONHASHSEED. */
    readonly value?: Label;
  };
  /** How many places in the program drew a seed without being given one, a global generator that was drawn from counting as one place. */
  readonly unseededCount?: Count;
  /** How many places inside installed packages did so by themselves, for example while they were imported. */
  readonly packageUnseededCount?: Count;
  /** How many of them drew from the root or the tape. */
  readonly repeatableCount?: Count;
  /** Every seeding that was seen. */
  readonly generators: readonly ({
    /** Library of the generator. */
    readonly library: Label;
    /** The function that was called. */
    readonly api: Label;
    /** explicit: the program gave a seed; owned: drawn from the root; tape: the program took it from the clock and replay repeats it; unseeded: drawn from the system and not repeatable; inherited: copied from the parent process. */
    readonly how: 'explicit' | 'owned' | 'tape' | 'unseeded' | 'inherited';
    readonly seed: Seed;
    readonly site?: Site;
    /** Id of the process. */
    readonly process: Label;
    /** Rank in a distributed run. */
    readonly rank?: Count;
    /** How many calls of this place were folded into this entry. */
    readonly calls?: Count;
  })[];
  /** Digests of generator states; equal seeds with different states mean that different amounts were drawn. */
  readonly states: readonly ({
    /** Library of the generator. */
    readonly library: Label;
    /** Id of the process. */
    readonly process: Label;
    /** Rank in a distributed run. */
    readonly rank?: Count;
    /** When the state was taken. */
    readonly at: 'start' | 'epoch' | 'checkpoint' | 'mark' | 'end';
    /** The how-many-eth such moment, starting at 0. */
    readonly ordinal?: Count;
    readonly sha256: Sha256;
    /** How many numbers were drawn since the seeding, where the generator makes that computable. */
    readonly draws?: Count;
  })[];
  /** Seeds that the program took from the clock, in order; replay plays them back. */
  readonly tape: readonly ({
    /** The function that was called. */
    readonly api: Label;
    /** Id of the process. */
    readonly process: Label;
    readonly site?: Site;
    readonly seed: Seed;
  })[];
  /** Why the seeds were chosen, declared by a person. */
  readonly why?: Text;
  /** How initialisation, shuffling, augmentation and dropout can be recreated. */
  readonly procedure?: Text;
  /** The library for differential privacy that was in use; its noise is never drawn from a recorded root. */
  readonly differentialPrivacy?: Label;
};

/** Something about one path that a person should know. */
export type PathFinding = {
  /** What was found. */
  readonly kind: 'unreadable' | 'special' | 'dangling' | 'loop' | 'outside' | 'limit' | 'changed' | 'vanished' | 'secret-file' | 'left-out' | 'linked-folder' | 'not-text' | 'not-normalised' | 'case-collision' | 'reserved' | 'control-character' | 'windows-character' | 'trailing-dot-or-space' | 'too-long';
  /** The path, relative to that of the data set. */
  readonly path: Path;
  readonly rawName?: RawName;
  /** The other name, for a collision. */
  readonly other?: Path;
  /** Why, in words. */
  readonly reason?: Text;
};

/** One data set, folder or file that the run read. */
export type DataSet = {
  /** Declared name, or the path. */
  readonly name: Path;
  /** What the data was used for. */
  readonly role: 'train' | 'validation' | 'test' | 'reference' | 'config' | 'pretrained' | 'cache' | 'unknown';
  /** Where the data comes from. */
  readonly origin: {
    /** The kind of origin. */
    readonly kind: 'local' | 'package' | 'memory' | 'network' | 'database' | 'git' | 'git-lfs' | 'dvc' | 'hub' | 'http' | 's3' | 'declared';
    /** Where it came from, credentials removed. */
    readonly uri?: Text;
    /** Version at the origin: commit, ETag or version id. */
    readonly revision?: Label;
    /** Path inside the repository or bucket. */
    readonly path?: Path;
    /** Statement, if it comes from a database. */
    readonly query?: Text;
    /** The distribution that carries it. */
    readonly package?: Label;
    /** When it was fetched. */
    readonly retrievedAt?: Time;
  };
  /** Version of the data as people name it. */
  readonly version?: Label;
  /** SPDX expression or text. */
  readonly licence?: Label;
  /** The time or period that the data describes. */
  readonly collectedAt?: Label;
  /** Where the data lay. */
  readonly path?: Path;
  /** The files, if they are few; else see the list. */
  readonly files?: readonly (FileDigest)[];
  /** The file list as an object of the store. */
  readonly list?: {
    /** SHA-256 of the list bytes. */
    readonly sha256: Sha256;
    /** RFC 6962 Merkle root over the lines of the list. */
    readonly treeRoot?: Sha256;
    /** Number of files. */
    readonly fileCount: Count;
    /** Sum of the file sizes. */
    readonly totalBytes: Bytes;
    /** The h1 hash of Go modules over the same files; none if a name has a line feed, which h1 forbids. */
    readonly dirHash?: string;
    /** SHA-256 of the folder index of the list. */
    readonly indexSha256?: Sha256;
    /** SHA-256 of the digests of 8 MiB pieces of large files, if there are any. */
    readonly chunksSha256?: Sha256;
  };
  /** Whether the list has every file that was met below a declared path; if not, the findings say what is missing. */
  readonly complete?: boolean;
  /** What was found about paths below a declared path, the first thousand. */
  readonly findings?: readonly (PathFinding)[];
  /** How many findings there are, also those that are not listed. */
  readonly findingCount?: Count;
  /** Digest of the rows regardless of format, where the format is known. */
  readonly contentSha256?: Sha256;
  /** stable: size and times were the same at reading and at hashing; changed: they were not, so what was read is unknown; unverified: only the hash is known. */
  readonly stability?: 'stable' | 'changed' | 'unverified';
  /** Hashing was put off; trainlock finish completes it. */
  readonly deferred?: boolean;
  /** Names and types in order, of the one table of a data set that is declared with a profile. */
  readonly schema?: readonly ({
    /** Name of the column. */
    readonly name: Label;
    /** Type of the column. */
    readonly type: Label;
  })[];
  /** Summary figures by column, as a snapshot has them, of a data set that is declared with a profile; no rows. A member category:VALUE counts the rows with that value. It follows from the bytes, whose digests are compared. */
  readonly profile?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Number of rows of the one table of a data set that is declared with a profile. Unit: row. */
  readonly rowCount?: Count;
  /** How rows were chosen; declared. */
  readonly sampling?: Text;
  /** Filters that were applied; declared. */
  readonly filters?: readonly (Text)[];
  /** Steps in order, bound to the code that does them. */
  readonly preprocessing?: readonly ({
    /** What is done. */
    readonly step: Text;
    /** The file that does it. */
    readonly code?: Path;
    /** Digest of that file. */
    readonly sha256?: Sha256;
  })[];
  /** How the data was cut. */
  readonly splits?: readonly ({
    /** The function or class. */
    readonly method: Label;
    /** The how-many-eth split of the process, starting at 0. */
    readonly ordinal?: Count;
    /** Id of the process. */
    readonly process?: Label;
    readonly site?: Site;
    /** Arguments of the method as text. */
    readonly settings?: Platform;
    /** Number of rows that were cut. Unit: row. */
    readonly total?: Count;
    /** The parts. */
    readonly parts: readonly ({
      /** Name of the part. */
      readonly name: Label;
      /** Number of rows. Unit: row. */
      readonly count: Count;
      /** SHA-256 of the row numbers in order, each as little-endian int64. */
      readonly orderSha256?: Sha256;
      /** SHA-256 of the sorted distinct row numbers, each as little-endian int64. */
      readonly membershipSha256?: Sha256;
    })[];
    /** Row numbers that occur in more than one part of the same cut. Unit: row. */
    readonly overlapCount?: Count;
  })[];
  /** Names of metrics that were computed on this data. */
  readonly evaluations?: readonly (Label)[];
  /** How the reading was seen. */
  readonly readers?: readonly ('audit' | 'descriptor' | 'map' | 'sweep' | 'trace' | 'declared' | 'api')[];
  readonly site?: Site;
};

/** Exactly which code ran. */
export type Code = {
  /** The version control state at start. */
  readonly repository: {
    /** git, none, or unknown when git could not be asked. */
    readonly kind: 'git' | 'none' | 'unknown';
    /** Top folder of the repository. */
    readonly root?: Path;
    /** URL of the remote, credentials removed. */
    readonly remote?: Label;
    /** Name of the branch. */
    readonly branch?: Label;
    /** Object name of HEAD. */
    readonly commit?: string;
    /** Whether a remote branch known here contains the commit. */
    readonly pushed?: YesNo;
    /** Whether tracked files differed from the commit. */
    readonly dirty?: YesNo;
    /** Difference of tracked files from the commit, staged and unstaged, as an object of the store. */
    readonly patch?: {
      readonly sha256?: Sha256;
      readonly sizeBytes: Bytes;
      /** Why its bytes are not kept. */
      readonly withheld?: Label;
    };
    /** Files that git does not track and does not ignore. */
    readonly untracked?: readonly (FileDigest)[];
    /** Commit of every submodule. */
    readonly submodules?: readonly ({
      readonly path: Path;
      /** Its commit. */
      readonly commit: Label;
      /** Whether it differs from its commit. */
      readonly dirty?: YesNo;
    })[];
  };
  /** Imported or executed files outside any package. */
  readonly files: readonly (FileDigest)[];
  /** A file list, as an object of the store, from which the code can be restored. */
  readonly snapshot?: {
    /** SHA-256 of the list bytes. */
    readonly sha256: Sha256;
    /** RFC 6962 Merkle root over the lines of the list. */
    readonly treeRoot?: Sha256;
    /** Number of files. */
    readonly fileCount: Count;
    /** Sum of the sizes. */
    readonly totalBytes: Bytes;
    /** Files that were left out by the limits or because of a secret. */
    readonly leftOut?: Count;
  };
};

/** Exactly which software ran. */
export type Dependencies = {
  /** Every interpreter of the run and how it was built. */
  readonly interpreters: readonly ({
    /** Which Python. */
    readonly implementation: Label;
    /** Version. */
    readonly version: Label;
    /** Path of the program. */
    readonly executable: Path;
    /** Digest of the executable. */
    readonly sha256?: Sha256;
    /** Build number and date. */
    readonly build?: Label;
    /** The compiler that built it. */
    readonly compiler?: Label;
    /** Arguments of configure and compiler flags. */
    readonly configuration?: Text;
    /** What kind of environment it belongs to. */
    readonly environment?: 'system' | 'venv' | 'conda' | 'unknown';
    /** Tag of the binary interface. */
    readonly soabi?: Label;
  })[];
  /** Every installed distribution on the search path of the run. */
  readonly distributions: readonly ({
    /** Normalised name. Source: PEP 503. */
    readonly name: Label;
    /** Version as installed. */
    readonly version: Label;
    /** The folder of the search path that has it. */
    readonly location?: Path;
    /** Where it came from. */
    readonly source?: {
      /** The kind of source. */
      readonly kind: 'index' | 'url' | 'vcs' | 'local' | 'editable' | 'system' | 'unknown';
      /** URL, credentials removed. */
      readonly url?: Label;
      /** Commit, if it comes from version control. */
      readonly commit?: Label;
    };
    /** Program that installed it. */
    readonly installer?: Label;
    /** Digest of the archive, where a lock or the installer tells it. */
    readonly wheelSha256?: Sha256;
    /** Digest of RECORD, sorted and without compiled caches and installer files. */
    readonly recordSha256?: Sha256;
    /** Whether the sizes on disk are those of RECORD. */
    readonly sizesAgree?: YesNo;
    /** Files that differ from RECORD. */
    readonly modified?: readonly (Path)[];
    /** direct: the lock or the project asks for it, or the program imports it; transitive: another distribution requires it; unrelated: neither. */
    readonly relation?: 'direct' | 'transitive' | 'unrelated' | 'unknown';
    /** Distributions that require it. */
    readonly requiredBy?: readonly (Label)[];
    /** Whether the run imported it. */
    readonly imported?: boolean;
  })[];
  /** The lock or requirements file and whether the live environment agrees. */
  readonly lock?: {
    /** The kind of file. */
    readonly kind: 'requirements' | 'uv' | 'poetry' | 'pdm' | 'pipfile' | 'conda' | 'pylock';
    readonly path: Path;
    readonly sha256?: Sha256;
    /** Whether every pinned version is the installed one. */
    readonly agrees: YesNo;
    /** What differs. */
    readonly disagreements?: readonly (Label)[];
  };
  /** Shared libraries that were mapped into processes of the run. */
  readonly native: readonly ({
    readonly path: Path;
    /** GNU build id in hexadecimal. */
    readonly buildId?: string;
    readonly sizeBytes?: Bytes;
    readonly sha256?: Sha256;
    /** The package that installed it. */
    readonly owner?: {
      /** Which package system. */
      readonly kind: 'distribution' | 'deb' | 'rpm' | 'apk' | 'conda';
      /** Name of the package. */
      readonly name: Label;
      /** Version of the package. */
      readonly version?: Label;
    };
  })[];
  /** How the numeric libraries in use were built. */
  readonly numeric?: readonly ({
    /** Name. */
    readonly library: Label;
    /** Version. */
    readonly version?: Label;
    /** Compilers, flags and options as the library prints them. */
    readonly configuration?: Text;
  })[];
};

/** Exactly where it ran. */
export type Environment = {
  /** Pseudonym of the machine; the clear name lies in separate evidence. */
  readonly host?: Label;
  /** Name and version. */
  readonly os?: {
    /** Name of the system. */
    readonly name: Label;
    /** Its version. */
    readonly version?: Label;
    /** Release of the kernel. */
    readonly kernel?: Label;
    /** Build text of the kernel. */
    readonly kernelVersion?: Label;
    /** Instruction set. */
    readonly architecture?: Label;
    /** Name and version of the C library. */
    readonly libc?: Label;
  };
  /** Parameters that can change results or speed. */
  readonly kernelParameters?: Platform;
  /** Resource limits of the process (soft:hard). */
  readonly limits?: Platform;
  /** CPU and memory limits of the control group. */
  readonly cgroup?: Platform;
  /** Whether it ran in a container and in which image. */
  readonly container?: {
    /** Runtime of the container. */
    readonly kind: 'none' | 'docker' | 'podman' | 'kubernetes' | 'apptainer' | 'lxc' | 'other' | 'unknown';
    /** Id of the container. */
    readonly id?: Label;
    /** The image. */
    readonly image?: {
      /** Name of the image. */
      readonly reference?: Label;
      /** Digest of the image. */
      readonly digest?: Label;
      /** claimed: told by a variable; verified: seen by us; unknown. */
      readonly status: 'claimed' | 'verified' | 'unknown';
    };
  };
  /** What the firmware or cloud agent says about the machine and its image. */
  readonly machineImage?: Platform;
  /** The processor as the run saw it. */
  readonly cpu?: {
    /** Name of the model. */
    readonly model: Label;
    /** Vendor id. */
    readonly vendor?: Label;
    /** Family, model number and stepping. */
    readonly family?: Label;
    /** Revision of the microcode. */
    readonly microcode?: Label;
    /** Instruction set flags. */
    readonly flags?: readonly (Label)[];
    /** CPUs of the machine. */
    readonly logicalCount?: Count;
    /** Physical cores. */
    readonly coreCount?: Count;
    /** Processor packages. */
    readonly socketCount?: Count;
    /** Memory nodes. */
    readonly numaNodeCount?: Count;
    /** CPUs the run was allowed to use. */
    readonly affinity?: Label;
    /** Frequency governor. */
    readonly governor?: Label;
  };
  /** Memory of the machine. */
  readonly memoryBytes?: Bytes;
  /** BLAS and OpenMP libraries in use, with kernel and thread count. */
  readonly threadPools?: readonly ({
    /** openblas, mkl, blis, openmp. */
    readonly api: Label;
    /** Version of the library. */
    readonly version?: Label;
    /** The CPU kernel it chose. */
    readonly kernel?: Label;
    /** Number of threads. Unit: thread. */
    readonly threads?: Count;
    /** Its own text. */
    readonly configuration?: Label;
    readonly path?: Path;
    /** Id of the process. */
    readonly process?: Label;
  })[];
  /** Settings of numeric libraries as the run had them: threads, dispatch level, determinism. */
  readonly runtime?: Readonly<Record<string, string>>;
  /** GPUs and other devices with driver and firmware. */
  readonly accelerators?: readonly ({
    /** Number of the device. */
    readonly index?: Count;
    /** Name. */
    readonly model: Label;
    /** Version of the driver. */
    readonly driver?: Label;
    /** Version of the firmware. */
    readonly firmware?: Label;
    /** Highest runtime of the driver. */
    readonly runtime?: Label;
    readonly memoryBytes?: Bytes;
    /** Pseudonym of the device. */
    readonly device?: Label;
    /** ECC, MIG, persistence and clocks. */
    readonly settings?: Platform;
  })[];
  /** Locale in force. */
  readonly locale?: Label;
  /** Time zone in force. */
  readonly timeZone?: Label;
  /** Permission mask in octal. */
  readonly umask?: Label;
  /** Type of the file system of the project. */
  readonly fileSystem?: Label;
  /** Variables as they were before trainlock added its own. */
  readonly variables: readonly ({
    /** Name of the variable. */
    readonly name: Label;
    /** value: by value; commitment: keyed digest, the key lies outside the record; masked: looked like a secret. */
    readonly shown: 'value' | 'commitment' | 'masked';
    /** Its value. */
    readonly value?: Text;
    /** HMAC-SHA-256 of the value. */
    readonly commitment?: Sha256;
    /** Whether the program was seen to read it. */
    readonly read?: boolean;
  })[];
  /** Files the program looked for and did not find; had they been there, the run could have differed. */
  readonly absentFiles?: readonly (Path)[];
};

/** Whether all ranks ran the same. */
export type Distributed = {
  /** Number of ranks. Unit: rank. */
  readonly worldSize: Count;
  /** What started the ranks. */
  readonly launcher?: Label;
  /** Every rank that was seen. */
  readonly ranks: readonly ({
    /** Number of the rank. */
    readonly rank: Count;
    /** Number on its machine. */
    readonly localRank?: Count;
    /** Id of the process. */
    readonly process: Label;
    /** Pseudonym of the machine. */
    readonly host?: Label;
    /** Device in use. */
    readonly device?: Label;
    /** Digest of interpreter, libraries and thread settings of the rank. */
    readonly environmentSha256?: Sha256;
  })[];
  /** What differs between ranks and should not. */
  readonly disagreements?: readonly (Text)[];
};

/** What success meant, and whether it was reached. */
export type Evaluation = {
  /** Conditions on metrics that were declared before the command started. */
  readonly criteria?: readonly ({
    /** Name of the metric. */
    readonly metric: Label;
    /** Stage, if it counts. */
    readonly stage?: Label;
    /** Split, if it counts. */
    readonly split?: Label;
    /** How the metric is compared. */
    readonly operator: '>=' | '>' | '<=' | '<' | '==';
    readonly value: Real;
  })[];
  /** When the criteria were recorded; before the start of the command. */
  readonly declaredAt?: Time;
  /** Direction and replay tolerance of the metrics that people declared. */
  readonly definitions?: readonly ({
    /** Name. */
    readonly metric: Label;
    /** Which way is better. */
    readonly direction?: 'higher' | 'lower';
    /** Largest difference that counts as the same, in the unit of the metric. */
    readonly absoluteTolerance?: Real;
    /** Largest difference relative to the recorded value. */
    readonly relativeTolerance?: Real;
    /** Why this tolerance. */
    readonly why?: Text;
  })[];
  /** Every metric that was seen. */
  readonly metrics: readonly ({
    /** Name. */
    readonly name: Label;
    readonly value: Real;
    readonly bits?: Bits;
    /** Stage of the training. */
    readonly stage?: Label;
    /** Part of the data. */
    readonly split?: Label;
    /** Step or epoch. */
    readonly step?: Count;
    /** The how-many-eth value of the same name, starting at 0. */
    readonly ordinal?: Count;
    readonly at?: Time;
    /** Id of the process. */
    readonly process?: Label;
    /** File that holds it. */
    readonly file?: Path;
    readonly site?: Site;
    /** file: declared file; api: trainlock.metric; pattern: declared pattern in the output; observed: result of a library function. */
    readonly source: 'file' | 'api' | 'pattern' | 'tool' | 'observed';
    /** reported: the program named it as a metric; observed: we saw a number go by. */
    readonly trust: 'reported' | 'observed';
  })[];
  /** Inputs, and what the model said to them when the run had ended. A gate asks them again on the machine that serves. */
  readonly canary?: {
    /** What serves; {model}, {inputs} and {outputs} stand for paths. Secrets masked. */
    readonly command: readonly (string)[];
    /** The file with the inputs. */
    readonly inputs: FileDigest;
    /** The output that {model} stood for. */
    readonly model?: Path;
    /** Files of the project that the command names. */
    readonly files: readonly (FileDigest)[];
    /** What the predictions are. */
    readonly format: 'csv' | 'json-lines' | 'bytes';
    /** Largest difference of a real number that counts as the same. */
    readonly absoluteTolerance: Real;
    /** How many rows may be decided otherwise. */
    readonly flips: Count;
    /** Longest time for it. Unit: s. */
    readonly seconds: Count;
    /** What it gave, kept in the object store; absent if it gave nothing, and then a gap says why. */
    readonly outputs?: {
      readonly sha256: Sha256;
      readonly sizeBytes: Bytes;
    };
  };
  /** What was logged where, and how often. */
  readonly loggedTo?: readonly ({
    /** File or tracker. */
    readonly target: Label;
    /** How many values. */
    readonly count?: Count;
  })[];
  /** Whether the criteria were met. */
  readonly verdict: {
    /** met: all; not-met: at least one failed; undecided: a metric is missing; none: nothing was declared. */
    readonly kind: 'met' | 'not-met' | 'undecided' | 'none';
    /** One line per criterion. */
    readonly because?: readonly (Text)[];
  };
};

/** One file that the run wrote. */
export type Output = {
  readonly path: Path;
  readonly rawName?: RawName;
  /** What it is. */
  readonly role: 'model' | 'checkpoint' | 'metrics' | 'predictions' | 'figure' | 'log' | 'data' | 'cache' | 'other';
  /** Whether the role was declared or inferred from name and format. */
  readonly roleSource?: 'declared' | 'inferred';
  readonly sizeBytes?: Bytes;
  readonly sha256?: Sha256;
  /** The target text, if it is a symbolic link. */
  readonly link?: Path;
  /** POSIX permission bits in octal. */
  readonly mode?: string;
  /** Digest of what is inside, independent of packing. */
  readonly content?: {
    /** How it was read. */
    readonly format: Label;
    readonly sha256: Sha256;
  };
  /** Whether the run read it too. */
  readonly alsoRead?: boolean;
  /** Digest of the file before the run, if it existed and was kept. */
  readonly before?: Sha256;
  /** Hashing was put off; trainlock finish completes it. */
  readonly deferred?: boolean;
  /** Whether the bytes are in the object store. */
  readonly stored?: boolean;
  /** Why no digest is recorded. */
  readonly withheld?: Label;
  /** Id of the process that wrote it. */
  readonly process?: Label;
};

/** What the model is for, declared by people. */
export type Model = {
  /** Name of the model. */
  readonly name?: Label;
  /** Who answers for it. */
  readonly owner?: Label;
  /** Risk tier in the words of the organisation. */
  readonly tier?: Label;
  /** What it may be used for. */
  readonly intendedUse?: Text;
  /** What it must not be used for, or does badly. */
  readonly limitations?: readonly (Text)[];
};

/** One process of the run. */
export type Process = {
  /** Path in the tree of processes: the second child of the first process is 0.1. */
  readonly id: Label;
  /** Id of the parent. */
  readonly parent?: Label;
  /** Process number of the system. */
  readonly pid?: Count;
  /** Argument vector, secrets masked. */
  readonly argv?: readonly (string)[];
  /** The program. */
  readonly executable?: Path;
  /** When it started. */
  readonly startedAt?: Time;
  /** When it said that it ended. */
  readonly endedAt?: Time;
  /** normal: it ran its exit handlers; abrupt: it ended without them; replaced: it became another program; unknown. */
  readonly end?: 'normal' | 'abrupt' | 'replaced' | 'unknown';
  /** Rank in a distributed run. */
  readonly rank?: Count;
  /** active: our hooks ran in it; lost: it is Python and they did not; none: not Python or not known. */
  readonly hooks: 'active' | 'lost' | 'none';
  /** Why the hooks are lost. */
  readonly reason?: Label;
  /** The event log of the process. */
  readonly events?: {
    /** Name in the events folder. */
    readonly file: Label;
    readonly sha256?: Sha256;
    /** Number of complete lines. */
    readonly lines: Count;
    /** False if the last line was cut, a line is unreadable or a number is missing. */
    readonly complete: boolean;
  };
};

/** What the program said. */
export type Logs = {
  /** How the output was recorded. */
  readonly mode: 'off' | 'tee' | 'file' | 'pty';
  /** Recorded streams. */
  readonly output?: readonly ({
    /** Which stream. */
    readonly stream: 'stdout' | 'stderr' | 'terminal';
    readonly sizeBytes?: Bytes;
    /** Digest of what is kept. */
    readonly sha256?: Sha256;
    /** Name in the logs folder. */
    readonly file?: Label;
    /** Where recording stopped, if it did. */
    readonly truncatedAtBytes?: Bytes;
    /** How many secrets were masked in what is kept. */
    readonly maskings?: Count;
  })[];
  /** Warnings that were raised, with repetitions counted. */
  readonly warnings?: readonly (Warning)[];
  /** Deprecation warnings raised by libraries in use. */
  readonly deprecations?: readonly (Warning)[];
};

/** One warning. */
export type Warning = {
  /** Class of the warning. */
  readonly category: Label;
  /** Text. */
  readonly message: Text;
  /** How often. */
  readonly count: Count;
  readonly site?: Site;
};

/** The rules in force when the run was made. */
export type Governance = {
  /** Digest of the policy file of the project when the run began. */
  readonly policySha256?: Sha256;
  /** Roles of the participant. */
  readonly roles?: readonly (Label)[];
};

/** Where the record stands in history. */
export type Lineage = {
  /** Manifests whose outputs this run read. */
  readonly parents?: readonly ({
    readonly manifestSha256: Sha256;
    /** Its run id. */
    readonly run?: Label;
    /** The file that connects them. */
    readonly through?: Path;
  })[];
};

/** How much of the record to believe. */
export type Capture = {
  /** Version of trainlock that wrote the record. */
  readonly trainlockVersion: Label;
  /** Options of the recording. */
  readonly modes: {
    /** Who gives unseeded sources their seed. */
    readonly entropy: 'own' | 'observe';
    /** How files are seen. */
    readonly trace: 'hooks' | 'strict';
    /** How output is recorded. */
    readonly logs: 'off' | 'tee' | 'file' | 'pty';
    /** When files are hashed. */
    readonly hash: 'now' | 'defer';
    /** Whether deterministic algorithms were asked for. */
    readonly deterministic?: boolean;
  };
  /** The ways by which the run was watched. */
  readonly layers: readonly ({
    /** Name of the layer. */
    readonly name: Label;
    /** Whether it worked. */
    readonly state: 'active' | 'absent' | 'partial';
    /** Why it did not. */
    readonly reason?: Text;
  })[];
  /** How many processes were seen, and how many of them from inside. */
  readonly coverage: {
    /** Processes of the run that were seen at all. */
    readonly processesSeen: Count;
    /** Processes in which our hooks ran. */
    readonly processesWithHooks: Count;
  };
  /** JSON pointer prefix to the way the facts below it are known; the longest prefix counts. */
  readonly origins: Readonly<Record<string, 'captured' | 'declared' | 'inferred' | 'imported'>>;
  /** What could not be seen, with its reason. */
  readonly gaps: readonly ({
    /** The place in the manifest that is incomplete. */
    readonly about: Pointer;
    /** Why. */
    readonly reason: Text;
    /** What would close it. */
    readonly remedy?: Text;
  })[];
  /** What should be looked at. */
  readonly findings?: readonly ({
    /** Kind of observation. */
    readonly kind: string;
    /** How serious. */
    readonly severity: 'note' | 'warning' | 'error';
    /** What was seen. */
    readonly message: Text;
    readonly about?: Pointer;
    /** What to do. */
    readonly remedy?: Text;
  })[];
  /** How far the recording machine can be believed. */
  readonly trust: {
    /** Kind of trust. */
    readonly kind: 'self-attested' | 'ci-identity' | 'isolated-runner' | 'hardware-attestation';
  };
  /** What recording cost. */
  readonly overhead?: {
    /** From start of trainlock to start of the command. */
    readonly beforeStartMs?: Milliseconds;
    /** From exit of the command to the sealed record, hashing not counted. */
    readonly afterExitMs?: Milliseconds;
    /** Time spent on hashing. */
    readonly hashMs?: Milliseconds;
    /** Bytes that were hashed. */
    readonly hashedBytes?: Bytes;
  };
  /** How many secrets were masked or withheld. */
  readonly maskings: Count;
  /** The recorder itself died; the record was completed later from the events. */
  readonly interrupted?: boolean;
  /** When a record was completed later. */
  readonly completedAt?: Time;
};
