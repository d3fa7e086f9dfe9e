import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, rename, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { makeFolder, placeOnce, syncFolder } from '#files';

/**
 * Names of files that are being fetched: what they will be, who writes them (0: nobody), and the version of the content at its
 * origin, if it has one. A cleaning up may remove them when they are old.
 */
export const PARTIAL_NAME = /^\.trainlock-([0-9a-f]{16})-(0|[0-9a-f]{8}\.[0-9]+\.[0-9a-f]{8})-([A-Za-z0-9_-]{0,160})\.part$/;

/** A part that nobody has written to for so long has no owner any more, even if it was on another machine. */
const ABANDONED_MS = 10 * 60 * 1000;

/** Smaller files are fetched anew rather than looked for. Unit: byte. */
const WORTH_KEEPING = 1024 * 1024;

/** 16 hexadecimal digits that stand for an address or a digest. */
const keyOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** The machine in a name: process ids of another one say nothing here. */
const thisMachine = (): string => keyOf(hostname()).slice(0, 8);

const partialName = (key: string, owner: string, validator: string): string => `.trainlock-${key}-${owner}-${validator}.part`;

/**
 * The beginning of a file that is being fetched, beside the place where it will stand. It belongs to one process at a time: the
 * name says to which, and a rename is how it is taken over, so two that fetch the same file never write into one.
 */
export class PartialFile {
  readonly file: FileHandle;
  /** Bytes that were there when it was taken over. */
  readonly foundBytes: number;
  private readonly target: string;
  private readonly key: string;
  private readonly owner: string;
  private version: string;

  private constructor(target: string, key: string, { file, owner, version, foundBytes }: { file: FileHandle; owner: string; version: string; foundBytes: number }) {
    this.target = target;
    this.key = key;
    this.file = file;
    this.owner = owner;
    this.version = version;
    this.foundBytes = foundBytes;
  }

  /** Takes over what an earlier try left for this target, or begins anew. `identity` says what the content is. Throws what the system says. */
  static async claim(target: string, identity: string, expectedBytes: number | undefined): Promise<PartialFile> {
    const key = keyOf(identity);
    const owner = `${thisMachine()}.${process.pid}.${randomBytes(4).toString('hex')}`;
    await makeFolder(dirname(target));
    if (expectedBytes === undefined || expectedBytes >= WORTH_KEEPING) {
      for (const candidate of await abandonedParts(dirname(target), key)) {
        const taken = await takeOver(dirname(target), candidate, partialName(key, owner, candidate.version));
        if (taken !== undefined) return new PartialFile(target, key, { ...taken, owner, version: candidate.version });
      }
    }
    const file = await open(join(dirname(target), partialName(key, owner, '')), 'wx+', 0o600);
    return new PartialFile(target, key, { file, owner, version: '', foundBytes: 0 });
  }

  /** The version of the content that was noted with the part; undefined if none was. */
  get validator(): string | undefined {
    return this.version === '' ? undefined : Buffer.from(this.version, 'base64url').toString('utf8');
  }

  private get path(): string {
    return join(dirname(this.target), partialName(this.key, this.owner, this.version));
  }

  /** Notes the version in the name, so that whoever continues knows what it continues. Too long ones are not noted. */
  async remember(validator: string | undefined): Promise<void> {
    const version = Buffer.from(validator ?? '', 'utf8').toString('base64url');
    const noted = version.length > 160 ? '' : version;
    if (noted === this.version) return;
    const from = this.path;
    this.version = noted;
    await rename(from, this.path);
  }

  /** Leaves the part for a later try; one that is not worth it is removed. */
  async release(writtenBytes: number): Promise<void> {
    await this.file.close();
    if (writtenBytes < WORTH_KEEPING) await unlink(this.path).catch(() => undefined);
    else await rename(this.path, join(dirname(this.target), partialName(this.key, '0', this.version))).catch(() => undefined);
  }

  async discard(): Promise<void> {
    await this.file.close();
    await unlink(this.path).catch(() => undefined);
  }

  /** Makes the content durable and gives it its name. With `once`, false without a change if the name is taken. */
  async place(once: boolean, mode: number): Promise<boolean> {
    await this.file.chmod(mode);
    await this.file.sync();
    await this.file.close();
    const placed = once ? await placeOnce(this.path, this.target) : await rename(this.path, this.target).then(() => true);
    await syncFolder(dirname(this.target));
    return placed;
  }
}

type Candidate = { readonly name: string; readonly version: string; readonly sizeBytes: number };

/** Parts with this key that no living process writes, the longest first. */
const abandonedParts = async (folder: string, key: string): Promise<readonly Candidate[]> => {
  const candidates: Candidate[] = [];
  for (const name of await readdir(folder)) {
    const parts = PARTIAL_NAME.exec(name);
    if (parts === null || parts[1] !== key) continue;
    const facts = await lstat(join(folder, name)).catch(() => undefined);
    if (facts?.isFile() !== true) continue;
    if (isOwned(parts[2]!) && Date.now() - facts.mtimeMs < ABANDONED_MS) continue;
    candidates.push({ name, version: parts[3]!, sizeBytes: facts.size });
  }
  return candidates.toSorted((a, b) => b.sizeBytes - a.sizeBytes);
};

/** Whether somebody may still be writing: a living process here, or any on another machine. */
const isOwned = (owner: string): boolean => {
  if (owner === '0') return false;
  const [machine, pid] = owner.split('.');
  if (machine !== thisMachine()) return true;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Of several processes that try at once exactly one succeeds. */
const takeOver = async (folder: string, candidate: Candidate, name: string): Promise<{ file: FileHandle; foundBytes: number } | undefined> => {
  try {
    await rename(join(folder, candidate.name), join(folder, name));
    const file = await open(join(folder, name), constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    return { file, foundBytes: (await file.stat()).size };
  } catch (error) {
    if (['ENOENT', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
};
