/** One line of /proc/PID/mountinfo. */
export type Mount = {
  /** What of the file system is mounted here. */
  readonly root: string;
  readonly point: string;
  readonly type: string;
  readonly source: string;
  readonly options: string;
};

/** Reads /proc/PID/mountinfo; blanks in names are written as \040. Source: proc_pid_mountinfo(5). */
export const readMounts = (text: string): readonly Mount[] =>
  text.split('\n').flatMap((line) => {
    const [left, right] = line.split(' - ', 2);
    const fields = left?.split(' ') ?? [];
    const after = right?.split(' ') ?? [];
    if (fields.length < 6 || after.length < 3) return [];
    return [{ root: unescaped(fields[3]!), point: unescaped(fields[4]!), type: after[0]!, source: unescaped(after[1]!), options: after[2]! }];
  });

const unescaped = (text: string): string => text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

/** The mount that holds a path: the deepest, and of equals the last one. */
export const mountOf = (mounts: readonly Mount[], path: string): Mount | undefined =>
  mounts.reduce<Mount | undefined>((best, mount) => {
    const holds = path === mount.point || path.startsWith(mount.point === '/' ? '/' : `${mount.point}/`);
    return holds && (best === undefined || mount.point.length >= best.point.length) ? mount : best;
  }, undefined);
