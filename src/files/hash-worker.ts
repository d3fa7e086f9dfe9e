/** Entry of a hashing thread: it takes tasks, one at a time, and answers each. It imports little, to start fast. */
import { parentPort } from 'node:worker_threads';
import { READ_BYTES } from './hash-file.ts';
import { doHashTask, type HashTask } from './hash-task.ts';
import { doTreeTask } from './tree/do-tree-task.ts';
import { hashPieces, PIECE_BYTES, type PiecesTask } from './tree/hash-pieces.ts';
import { transferOf } from './tree/lines-builder.ts';
import type { TreeAnswer, TreeTask } from './tree/tree-task.ts';

const buffer = new Uint8Array(PIECE_BYTES + 1);

const tellHash = (bytes: number): void => parentPort?.postMessage({ kind: 'progress', bytes } satisfies TreeAnswer);

const answerTree = async (task: TreeTask): Promise<void> => {
  const answer = await doTreeTask(task, buffer, tellHash);
  const transfer = answer.kind === 'parts' ? answer.parts.flatMap((part) => (part.kind === 'lines' ? transferOf(part) : [])) : [];
  parentPort?.postMessage(answer, transfer);
};

parentPort?.on('message', (task: HashTask | TreeTask | PiecesTask) => {
  if (task.kind === 'pieces') parentPort?.postMessage(hashPieces(task, buffer));
  else if (task.kind === 'batch' || task.kind === 'file') parentPort?.postMessage(doHashTask(task, buffer.subarray(0, READ_BYTES), tellHash));
  else void answerTree(task);
});
