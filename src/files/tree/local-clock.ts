import { type BigIntStats, statfsSync, statSync } from 'node:fs';

/** File systems whose times come from the clock of this machine. Source: Linux, include/uapi/linux/magic.h, and the sources of ZFS and bcachefs. */
const LOCAL: ReadonlySet<number> = new Set([
  0xef53, // ext2, ext3, ext4
  0x58465342, // xfs
  0x9123683e, // btrfs
  0x01021994, // tmpfs
  0x858458f6, // ramfs
  0x794c7630, // overlay
  0xf2f52010, // f2fs
  0xca451a4e, // bcachefs
  0x2fc12fc1, // zfs
]);

/**
 * The device of a folder if the times of its files and our own come from one clock, so that they can be compared; undefined if
 * they do not, or if that is not known: on network file systems the server sets the times.
 */
export const localDevice = (path: string): bigint | undefined => {
  try {
    return LOCAL.has(statfsSync(path).type) ? statSync(path, { bigint: true }).dev : undefined;
  } catch {
    return undefined;
  }
};

/** Most that the clock of the machine and a clock that only goes forward may part while a folder is read. Unit: ms. */
const STEP_MS = 250;

/** Tells whether somebody set the clock of this machine since it was made: times from before and after cannot be compared then. */
export const watchClock = (): (() => boolean) => {
  const offset = (): number => Date.now() - performance.now();
  const began = offset();
  return () => Math.abs(offset() - began) > STEP_MS;
};

/** Clocks of file systems tick every few milliseconds: two changes within one tick have the same time. Unit: ms. */
const TICK_MS = 20;

/** Whether a file changed so short ago that it may change again with the same time. */
export const isYoung = (stats: BigIntStats): boolean => {
  const age = Date.now() - Number(stats.ctimeMs);
  return age < TICK_MS && age > -1000;
};

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Holds this thread until a change has another time than one before. */
export const waitOneTick = (): void => {
  Atomics.wait(pause, 0, 0, TICK_MS);
};
