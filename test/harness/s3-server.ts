import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Path of the S3 server, built if need be; undefined on a machine without Go. With the full stack it must be there. */
export const s3Program = (): string | undefined => {
  const built = spawnSync(process.execPath, [resolve('tools/build-go-tools.mjs'), 'versitygw'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (built.status === 0) return built.stdout.trim();
  if (process.env['TRAINLOCK_TEST_STACK'] === 'full') throw new Error('the full stack must have Go, to build the S3 server of the tests');
  return undefined;
};

export type S3Server = {
  readonly port: number;
  /** What the AWS tools need to find it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Folder that holds the buckets as folders. */
  readonly folder: string;
  readonly stop: () => void;
};

/** A port that is free now. */
export const freePort = (): Promise<number> =>
  new Promise((found) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => found(port));
    });
  });

/** Starts versitygw over a temporary folder, with the given buckets. */
export const startS3 = async (program: string, buckets: readonly string[]): Promise<S3Server> => {
  const root = mkdtempSync(join(tmpdir(), 'trainlock-s3-'));
  for (const folder of ['data', 'versions', ...buckets.map((bucket) => join('data', bucket))]) mkdirSync(join(root, folder));
  const port = await freePort();
  const child = spawn(
    program,
    ['--access', 'test-access', '--secret', 'test-secret-value', '--port', `127.0.0.1:${port}`, '--quiet', 'posix', '--versioning-dir', join(root, 'versions'), join(root, 'data')],
    { stdio: 'ignore' },
  );
  await listening(port, child);
  return {
    port,
    environment: { AWS_ACCESS_KEY_ID: 'test-access', AWS_SECRET_ACCESS_KEY: 'test-secret-value', AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_EC2_METADATA_DISABLED: 'true' },
    folder: join(root, 'data'),
    stop: () => {
      child.kill('SIGKILL');
      rmSync(root, { recursive: true, force: true });
    },
  };
};

/** Waits until a port answers. */
export const listening = async (port: number, child: ChildProcess): Promise<void> => {
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const isOpen = await new Promise<boolean>((answer) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        answer(true);
      }).on('error', () => answer(false));
    });
    if (isOpen) return;
    await new Promise((later) => setTimeout(later, 50));
  }
  throw new Error('the server did not start');
};
