/** Ends the work of a command that is interrupted: removes what means nothing without it. */
import { removeTemporaries } from '#files';

/** At once, and without an error: the process is about to end. What is resumable stays. */
export const stopWork = (): void => removeTemporaries();
