import { randomBytes } from 'node:crypto';
import { open, readFile, rename, stat, unlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fromUtf8, type JsonValue, readJson, toHex, utf8 } from '#base';
import { markTemporary, nodeCrypto, placeOnce, type Recorder, recorderState, temporaryName, thisRecorder } from '#files';
import { isObject } from './log-description.ts';

/** A lock that is held. */
export type HeldLock = {
  /** Whether it is still ours: false after somebody took it because we seemed to be gone. */
  readonly isHeld: () => Promise<boolean>;
  readonly release: () => Promise<void>;
};

export type LockTry = { readonly kind: 'held'; readonly lock: HeldLock } | { readonly kind: 'busy'; readonly because: string };

/** How long a holder that cannot be seen from here (another container, before a restart) counts as living without a sign. Unit: millisecond. */
const SILENCE_MS = 10 * 60_000;
const SIGN_MS = 30_000;
const DEEPEST = 4;

/**
 * Takes a lock of which there is one for all processes: a file that exactly one can create. It says who holds it, so that a lock whose
 * holder was killed is taken over; one of a process that lives, or that nothing can be said of, is waited for. Throws what the system
 * says if the folder cannot be written.
 */
export const takeLock = async (path: string, waitMs: number): Promise<LockTry> => {
  const until = Date.now() + waitMs;
  for (let pauseMs = 2; ; pauseMs = Math.min(150, pauseMs * 1.6)) {
    const own = ownText();
    if (await placed(path, own, 0)) return { kind: 'held', lock: heldLock(path, own) };
    if (Date.now() >= until) return { kind: 'busy', because: await holderText(path) };
    await setTimeout(pauseMs * (0.5 + Math.random()));
  }
};

const ownText = (): string => `${JSON.stringify({ ...thisRecorder(), nonce: randomBytes(8).toString('hex') })}\n`;

const heldLock = (path: string, own: string): HeldLock => {
  const isHeld = async (): Promise<boolean> => (await textOf(path)) === own;
  const sign = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), SIGN_MS).unref();
  const release = async (): Promise<void> => {
    clearInterval(sign);
    if (await isHeld()) await unlink(path).catch(() => undefined);
  };
  return { isHeld, release };
};

/** Creates the file with our text, or takes the place of a holder that is gone. */
const placed = async (path: string, own: string, depth: number): Promise<boolean> => {
  const temporary = join(dirname(path), temporaryName());
  const forget = markTemporary(temporary);
  try {
    const file = await open(temporary, 'wx', 0o600);
    await file.writeFile(own).finally(() => file.close());
    if (await placeOnce(temporary, path)) return true;
    const dead = await textOf(path);
    return dead !== undefined && depth < DEEPEST && (await isGone(path, dead)) && (await takenOver(path, dead, own, depth));
  } finally {
    await unlink(temporary).catch(() => undefined);
    forget();
  }
};

/**
 * Replaces the lock of a dead holder. Only who holds the claim named after the text of that lock may do it, and looks again once it
 * has the claim: so of two that found the same dead holder, the second never takes away what the first has just got.
 */
const takenOver = async (path: string, dead: string, own: string, depth: number): Promise<boolean> => {
  const claim = `${path.split('.claim-')[0]!}.claim-${toHex(nodeCrypto.sha256(utf8(dead))).slice(0, 24)}`;
  const claimText = ownText();
  if (!(await placed(claim, claimText, depth + 1))) return false;
  const temporary = join(dirname(path), temporaryName());
  const forget = markTemporary(temporary);
  try {
    if ((await textOf(path)) !== dead) return false;
    const file = await open(temporary, 'wx', 0o600);
    await file.writeFile(own).finally(() => file.close());
    await rename(temporary, path);
    return true;
  } finally {
    await unlink(temporary).catch(() => undefined);
    forget();
    if ((await textOf(claim)) === claimText) await unlink(claim).catch(() => undefined);
  }
};

const isGone = async (path: string, text: string): Promise<boolean> => {
  const holder = holderIn(text);
  // An empty file is left where a file system has no hard links and the creator died before it wrote.
  if (holder === undefined) return (await silenceMs(path)) > SILENCE_MS;
  const state = recorderState(holder);
  return state === 'gone' || (state === 'elsewhere' && (await silenceMs(path)) > SILENCE_MS);
};

/** How long nothing was heard, by the clock of the file system: clocks of machines differ. Unit: millisecond. */
const silenceMs = async (path: string): Promise<number> => {
  const probe = join(dirname(path), temporaryName());
  try {
    await (await open(probe, 'wx', 0o600)).close();
    const [now, then] = await Promise.all([stat(probe), stat(path)]);
    return now.mtimeMs - then.mtimeMs;
  } catch {
    return 0;
  } finally {
    await unlink(probe).catch(() => undefined);
  }
};

const textOf = async (path: string): Promise<string | undefined> => {
  try {
    return fromUtf8((await readFile(path)).subarray(0, 4096));
  } catch {
    return undefined;
  }
};

/** The file is hostile: anybody who can write the folder may have made it. */
const holderIn = (text: string): Recorder | undefined => {
  const json = readJson(utf8(text));
  const value: JsonValue | undefined = json.kind === 'accepted' ? json.value : undefined;
  if (!isObject(value) || typeof value['pid'] !== 'number' || !Number.isSafeInteger(value['pid']) || value['pid'] <= 0) return undefined;
  const part = (name: 'startTicks' | 'bootId' | 'pidNamespace'): object => (typeof value[name] === 'string' ? { [name]: value[name] } : {});
  return { pid: value['pid'], ...part('startTicks'), ...part('bootId'), ...part('pidNamespace') };
};

const holderText = async (path: string): Promise<string> => {
  const text = await textOf(path);
  const holder = text === undefined ? undefined : holderIn(text);
  if (holder === undefined) return 'another process writes to the log';
  return recorderState(holder) === 'elsewhere'
    ? `process ${holder.pid} of another container, or from before a restart, holds ${path}; it counts as gone after ten minutes without a sign`
    : `process ${holder.pid} writes to the log`;
};
