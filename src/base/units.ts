const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** A size for people: 12 B, 1.5 KiB, 340 MiB. */
export const formatBytes = (sizeBytes: number): string => {
  let size = sizeBytes;
  let unit = 0;
  while (size >= 1024 && unit < BYTE_UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${BYTE_UNITS[unit]}`;
};

/** A duration for people: 340 ms, 2.5 s, 3 min 20 s, 2 h 5 min. */
export const formatDuration = (durationMs: number): string => {
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  const seconds = durationMs / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

/** "1 file", "3 files"; the plural is the singular with s unless it is given. */
export const countOf = (count: number, singular: string, plural: string = `${singular}s`): string => `${count} ${count === 1 ? singular : plural}`;
