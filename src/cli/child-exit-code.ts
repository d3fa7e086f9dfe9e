import { constants } from 'node:os';

type Exit = { readonly kind: 'exited'; readonly code: number } | { readonly kind: 'signalled'; readonly signal: string };

/** 128+n for a signal, as shells say it. Source: POSIX.1-2017 §2.8.2. */
export const childExitCode = (exit: Exit): number => (exit.kind === 'exited' ? exit.code : 128 + (constants.signals[exit.signal as NodeJS.Signals] ?? 0));
