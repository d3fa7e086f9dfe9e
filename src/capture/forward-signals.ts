/** Signals that somebody may send to us and means for the program. SIGKILL and SIGSTOP cannot be passed on. */
const FORWARDED = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGCONT', 'SIGINT', 'SIGQUIT'] as const;

/** From a terminal the whole process group gets these; passing them on would deliver them twice. */
const FROM_KEYBOARD: readonly string[] = ['SIGINT', 'SIGQUIT'];

/** Passes signals on to the child and keeps us alive to write the record. Returns a function that stops it. */
export const forwardSignals = (pid: number, hasTerminal: boolean): (() => void) => {
  const listeners = FORWARDED.map((signal) => {
    const listener = (): void => {
      if (hasTerminal && FROM_KEYBOARD.includes(signal)) return;
      try {
        process.kill(pid, signal);
      } catch {
        // The child is gone already.
      }
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  return () => listeners.forEach(({ signal, listener }) => process.off(signal, listener));
};
