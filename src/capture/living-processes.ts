import { readdirSync, readFileSync } from 'node:fs';

/**
 * Processes of a run that still live on this machine, told by the run folder in their environment. Those of other users and those
 * with a cleaned environment are not found.
 */
export const livingProcesses = (runFolder: string): readonly number[] => {
  const mark = Buffer.from(`TRAINLOCK_RUN_DIR=${runFolder}\0`);
  return pids().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`).includes(mark);
    } catch {
      return false;
    }
  });
};

const pids = (): readonly number[] => {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
};
