import { connect, createServer, type Server, type Socket } from 'node:net';

/** What happens to a connection. */
export type Fault =
  | { readonly kind: 'none' }
  /** The answer is cut after so many bytes. */
  | { readonly kind: 'cut-answer'; readonly afterBytes: number }
  /** The request is cut after so many bytes. */
  | { readonly kind: 'cut-request'; readonly afterBytes: number }
  /** The proxy answers itself. */
  | { readonly kind: 'status'; readonly status: number }
  /** Nothing is ever answered. */
  | { readonly kind: 'silence' }
  /** One byte of the answer is changed, so far in. */
  | { readonly kind: 'flip'; readonly atByte: number };

export type FaultyProxy = {
  readonly port: number;
  /** What the next connections meet, in order; afterwards nothing happens. */
  readonly faults: Fault[];
  /** Connections and bytes that went through. */
  readonly seen: { connections: number; requestBytes: number; answerBytes: number };
  readonly stop: () => void;
};

/** A TCP proxy in front of a server, which breaks connections as it is told. */
export const startProxy = (targetPort: number): Promise<FaultyProxy> => {
  const faults: Fault[] = [];
  const seen = { connections: 0, requestBytes: 0, answerBytes: 0 };
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    seen.connections += 1;
    sockets.add(client.on('close', () => sockets.delete(client)).on('error', () => undefined));
    serve(client, faults.shift() ?? { kind: 'none' }, { targetPort, seen });
  });
  return new Promise((started) => {
    server.listen(0, '127.0.0.1', () => {
      started({
        port: (server.address() as { port: number }).port,
        faults,
        seen,
        stop: () => {
          for (const socket of sockets) socket.destroy();
          server.close();
        },
      });
    });
  });
};

const serve = (client: Socket, fault: Fault, { targetPort, seen }: { targetPort: number; seen: FaultyProxy['seen'] }): void => {
  if (fault.kind === 'silence') return;
  if (fault.kind === 'status') {
    client.once('data', () => client.end(`HTTP/1.1 ${fault.status} Broken\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`));
    return;
  }
  const upstream = connect(targetPort, '127.0.0.1').on('error', () => client.destroy());
  const end = (): void => {
    client.destroy();
    upstream.destroy();
  };
  client.on('close', end);
  upstream.on('close', () => client.end());
  let sent = 0;
  client.on('data', (chunk: Buffer) => {
    sent += chunk.length;
    seen.requestBytes += chunk.length;
    if (fault.kind === 'cut-request' && sent > fault.afterBytes) end();
    else upstream.write(chunk);
  });
  let answered = 0;
  upstream.on('data', (chunk: Buffer) => {
    const from = answered;
    const isCut = fault.kind === 'cut-answer' && from + chunk.length > fault.afterBytes;
    const passed = isCut ? chunk.subarray(0, fault.afterBytes - from) : chunk;
    answered += passed.length;
    seen.answerBytes += passed.length;
    if (fault.kind === 'flip' && fault.atByte >= from && fault.atByte < answered) passed[fault.atByte - from]! ^= 1;
    if (!isCut) {
      if (!client.write(passed)) upstream.pause();
      return;
    }
    upstream.removeAllListeners('data');
    client.end(passed);
    upstream.destroy();
  });
  client.on('drain', () => upstream.resume());
};
