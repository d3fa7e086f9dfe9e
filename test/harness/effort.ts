/** Whether nothing is to be left out, however long it takes: in `npm run test:full`. */
export const EVERYTHING: boolean = process.env['TRAINLOCK_TEST_TOOLS'] === 'all';

/** How often something is tried: `full` times where nothing is left out, else as often as CI has the time for. */
export const times = (full: number, otherwise: number): number => (EVERYTHING ? full : otherwise);
