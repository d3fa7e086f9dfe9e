import { createServer } from 'node:net';

/** Held by whoever runs a timestamp authority: the metrics of that program always have port 2112. */
const TURN = 21_120;

/**
 * Waits until no other test, of whatever process, runs a timestamp authority; answers with what ends the turn. A process that dies ends
 * its turn with it.
 */
export const timestampServerTurn = async (): Promise<() => Promise<void>> => {
  for (;;) {
    const server = createServer();
    const isOurs = await new Promise<boolean>((answer) => server.once('error', () => answer(false)).listen(TURN, '127.0.0.1', () => answer(true)));
    if (isOurs) return () => new Promise((done) => server.close(() => done()));
    await new Promise((later) => setTimeout(later, 100));
  }
};
