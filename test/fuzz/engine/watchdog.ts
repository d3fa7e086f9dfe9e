import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { MOST_BYTES } from './edges.ts';

/** Ends the process when one input never comes back, and writes down which. */
export type Watchdog = { readonly begin: (target: string, bytes: Uint8Array) => void; readonly end: () => void; readonly stop: () => Promise<void> };

/** Longest time without an answer. Unit: millisecond. */
const PATIENCE_MS = 60_000;

// The thread that hangs cannot tell anybody: another one watches its counter.
const CODE = `
const { mkdirSync, writeFileSync } = require('node:fs');
const { createHash } = require('node:crypto');
const { join } = require('node:path');
const { workerData: { shared, folder, patienceMs } } = require('node:worker_threads');
const counters = new Int32Array(shared, 0, 4);
let before = -1;
setInterval(() => {
  const now = Atomics.load(counters, 0);
  if (now === before && now % 2 === 1) {
    const target = Buffer.from(new Uint8Array(shared, 16, counters[1]).slice()).toString();
    const bytes = Buffer.from(new Uint8Array(shared, 272, counters[2]).slice());
    const path = join(folder, target, createHash('sha256').update(bytes).digest('hex').slice(0, 8));
    mkdirSync(join(folder, target), { recursive: true });
    writeFileSync(path, bytes);
    require('node:fs').writeSync(2, 'fuzz: ' + target + ' never came back from ' + path + '\\n');
    process.kill(process.pid, 'SIGKILL');
  }
  before = now;
}, patienceMs);
`;

export const startWatchdog = (patienceMs: number = PATIENCE_MS): Watchdog => {
  const shared = new SharedArrayBuffer(272 + MOST_BYTES);
  const counters = new Int32Array(shared, 0, 4);
  const [nameBytes, inputBytes] = [new Uint8Array(shared, 16, 256), new Uint8Array(shared, 272, MOST_BYTES)];
  const worker = new Worker(CODE, { eval: true, workerData: { shared, patienceMs, folder: join(import.meta.dirname, '..', 'corpus') } });
  worker.unref();
  return {
    begin: (target, bytes) => {
      const name = Buffer.from(target);
      const input = bytes.subarray(0, MOST_BYTES);
      nameBytes.set(name);
      inputBytes.set(input);
      counters[1] = name.length;
      counters[2] = input.length;
      Atomics.add(counters, 0, 1);
    },
    end: () => void Atomics.add(counters, 0, 1),
    stop: async () => void (await worker.terminate()),
  };
};
