/** Entry of a hashing thread: it takes tasks, one at a time, and answers each. It imports nothing outside this room, to start fast. */
import { parentPort } from 'node:worker_threads';
import { READ_BYTES } from './hash-file.ts';
import { doHashTask, type HashAnswer, type HashTask } from './hash-task.ts';

const buffer = new Uint8Array(READ_BYTES);

const answer = (message: HashAnswer): void => parentPort?.postMessage(message);

parentPort?.on('message', (task: HashTask) => answer(doHashTask(task, buffer, (bytes) => answer({ kind: 'progress', bytes }))));
