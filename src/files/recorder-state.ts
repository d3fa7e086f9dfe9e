import { readFileSync, readlinkSync } from 'node:fs';

/** The process that records a run, as started.json has it. */
export type Recorder = { readonly pid: number; readonly startTicks?: string; readonly bootId?: string; readonly pidNamespace?: string };

/**
 * alive: it runs now; gone: it does not; elsewhere: it ran on another machine, in another container or before a restart, so that
 * nothing can be said from here.
 */
export type RecorderState = 'alive' | 'gone' | 'elsewhere';

export const recorderState = (recorder: Recorder): RecorderState => {
  const boot = readText('/proc/sys/kernel/random/boot_id')?.trim();
  // Where the system does not say when it was started, a number that nobody has may belong to another machine.
  if (boot === undefined && recorder.bootId === undefined) return isRunning(recorder.pid) ? 'alive' : 'elsewhere';
  if (boot === undefined || recorder.bootId !== boot) return 'elsewhere';
  if (recorder.pidNamespace !== undefined && recorder.pidNamespace !== pidNamespace()) return 'elsewhere';
  const ticks = startTicks(recorder.pid);
  if (recorder.startTicks !== undefined) return ticks === recorder.startTicks ? 'alive' : 'gone';
  return isRunning(recorder.pid) ? 'alive' : 'gone';
};

/** This process, so that a later one can tell whether it still lives. */
export const thisRecorder = (): Recorder => {
  const [ticks, boot, namespace] = [startTicks(process.pid), readText('/proc/sys/kernel/random/boot_id')?.trim(), pidNamespace()];
  return {
    pid: process.pid,
    ...(ticks === undefined ? {} : { startTicks: ticks }),
    ...(boot === undefined ? {} : { bootId: boot }),
    ...(namespace === undefined ? {} : { pidNamespace: namespace }),
  };
};

/** When a process started, in clock ticks since boot: with the number of the process it names one process. Source: proc(5), field 22. */
const startTicks = (pid: number): string | undefined => {
  const text = readText(`/proc/${pid}/stat`);
  // The name of the program stands in brackets and may hold anything. A process that is only waiting to be reaped is gone.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields === undefined || fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
};

const pidNamespace = (): string | undefined => {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const readText = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};
