/** A witness: signs that it saw a checkpoint, if the log goes on from all that it saw before. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join, resolve } from 'node:path';
import { escapeControl, TrainlockError, utf8 } from '#base';
import { nodeCrypto } from '#files';
import { nodeVerifySignature } from '#keys';
import { stateFolder, takeLock } from '#logbook';
import {
  cosignatureMessage,
  judgeRequest,
  KNOWN_SIZE_TYPE,
  readCheckpoint,
  readWitnessRequest,
  type VerifierKey,
  WITNESS_REQUEST_BYTES,
  writeCosignature,
  writeKnownSize,
  writeVerifierKey,
  writeWitnessAnswer,
} from '#tlog';
import { pinnedKey } from './log/verify-options.ts';
import { openWitness, type WitnessState } from './log/witness-state.ts';

export type WitnessOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** HOST:PORT; port 0 takes a free one. */
  readonly listen: string;
  /** Verifier keys of the logs that it signs for. */
  readonly logs: readonly string[];
  /** Folder of its key and of what it saw. */
  readonly folder?: string;
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly onListening: (witness: { readonly url: string; readonly vkey: string; readonly folder: string }) => void;
  readonly onAnswer?: (answer: WitnessAnswer) => void;
};

export type WitnessAnswer = { readonly status: number; readonly origin?: string; readonly size?: number; readonly because?: string };

export type ServedWitness = { readonly vkey: string; readonly folder: string; readonly cosigned: number; readonly refused: number };

/** Serves until the signal comes. Throws TL0001, TL0003, TL1401 if the folder is in use or the address cannot be had, TL1402. */
export const serveWitness = async (options: WitnessOptions): Promise<ServedWitness> => {
  const { host, port } = addressOf(options.listen);
  const keys = options.logs.map((text) => pinnedKey(text));
  const folder = options.folder === undefined ? join(stateFolder(options.env), 'witness') : resolve(options.workingDirectory, options.folder);
  const witness = await openWitness(folder);
  const taken = await takeLock(join(folder, 'lock'), 1000);
  if (taken.kind === 'busy')
    throw new TrainlockError('TL1401', `the folder of the witness is in use: ${taken.because}`, { where: folder, fix: 'name another one: trainlock log witness --state FOLDER' });
  const counts = { cosigned: 0, refused: 0 };
  const answered = (answer: WitnessAnswer): void => {
    counts[answer.status === 200 ? 'cosigned' : 'refused'] += 1;
    options.onAnswer?.(answer);
  };
  const server = createServer({ requestTimeout: 15_000, headersTimeout: 10_000, keepAliveTimeout: 5000 }, handler(witness, keys, answered));
  server.maxConnections = 128;
  const vkey = writeVerifierKey(witness.signer.key);
  try {
    options.onListening({ url: await listening(server, host, port), vkey, folder });
    if (!options.signal.aborted) await new Promise<void>((done) => options.signal.addEventListener('abort', () => done(), { once: true }));
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    await taken.lock.release();
  }
  return { vkey, folder, ...counts };
};

const addressOf = (text: string): { readonly host: string; readonly port: number } => {
  const [, v6, host, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+)):([0-9]{1,5})$/.exec(text) ?? [];
  const name = v6 ?? host;
  if (name === undefined || Number(port) > 65_535)
    throw new TrainlockError('TL0001', `${escapeControl(text)} is no address to listen on`, { fix: 'trainlock log witness --listen 127.0.0.1:8080 --log VKEY' });
  return { host: name, port: Number(port) };
};

const listening = (server: Server, host: string, port: number): Promise<string> =>
  new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      fail(
        new TrainlockError('TL1401', `the witness cannot listen on ${host}:${port}: ${error.code}`, { fix: 'trainlock log witness --listen 127.0.0.1:0 --log VKEY', cause: error }),
      ),
    );
    server.listen(port, host, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      done(`http://${host.includes(':') ? `[${host}]` : host}:${bound}`);
    });
  });

type Answer = WitnessAnswer & { readonly type?: string; readonly body: Uint8Array };

/** Requests are judged one after the other: reading what is known, judging, saving and signing is one step. */
const handler = (
  witness: WitnessState,
  keys: readonly VerifierKey[],
  answered: (answer: WitnessAnswer) => void,
): ((request: IncomingMessage, response: ServerResponse) => void) => {
  let queue: Promise<unknown> = Promise.resolve();
  return (request, response) => {
    const answer = async (): Promise<Answer> => {
      if (request.method !== 'POST' || request.url !== '/add-checkpoint') return failed(404, 'a witness answers POST /add-checkpoint');
      const body = await bodyOf(request);
      if (body === undefined) return failed(413, `a request has at most ${WITNESS_REQUEST_BYTES} bytes`);
      const turn = queue.then(() => judged(witness, keys, body));
      queue = turn.catch(() => undefined);
      return turn;
    };
    answer()
      .catch((error: unknown) => failed(500, error instanceof TrainlockError ? error.message : 'the witness has a fault'))
      .then(({ body, type, ...told }) => {
        response.writeHead(told.status, { 'content-type': type ?? 'text/plain; charset=utf-8', 'content-length': body.length, connection: 'close' }).end(body);
        answered(told);
      })
      .catch(() => response.destroy());
  };
};

/** The body is hostile: undefined if it is longer than any request. */
const bodyOf = async (request: IncomingMessage): Promise<Uint8Array | undefined> => {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    total += chunk.length;
    if (total > WITNESS_REQUEST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const failed = (status: number, because: string): Answer => ({ status, because, body: utf8(`${because}\n`) });

const judged = async (witness: WitnessState, keys: readonly VerifierKey[], body: Uint8Array): Promise<Answer> => {
  const request = readWitnessRequest(body);
  if (request.kind === 'rejected') return failed(400, request.problems[0]!.message);
  const claimed = readCheckpoint(request.value.checkpoint.body);
  const origin = claimed.kind === 'accepted' && keys.some(({ name }) => name === claimed.value.origin) ? claimed.value.origin : undefined;
  const known = origin === undefined ? undefined : await witness.known(origin);
  const judgement = judgeRequest(known, request.value, keys, { crypto: nodeCrypto, verify: nodeVerifySignature });
  const about = origin === undefined ? {} : { origin, ...(claimed.kind === 'accepted' ? { size: claimed.value.size } : {}) };
  switch (judgement.kind) {
    case 'conflict':
      return { status: 409, ...about, because: `known size ${judgement.knownSize}`, type: KNOWN_SIZE_TYPE, body: writeKnownSize(judgement.knownSize) };
    case 'refused':
      if (origin !== undefined && judgement.refusal === 'fork') await witness.keepFork(origin, request.value.checkpoint);
      return { ...failed(judgement.status, judgement.because), ...about };
    case 'cosign': {
      // Saved before it is signed: a witness that is killed in between has promised less than it holds, never more.
      await witness.save(judgement.checkpoint.origin, request.value.checkpoint);
      const { key, sign } = witness.signer;
      const time = Math.floor(Date.now() / 1000);
      const signature = writeCosignature({ time, signature: sign(cosignatureMessage(judgement.body, time)) });
      return { status: 200, ...about, body: writeWitnessAnswer([{ name: key.name, keyId: key.keyId, signature }]) };
    }
  }
};
