import { spawnSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Client } from 'pg';
import { listening, freePort } from './s3-server.ts';

/** Folder of the programs of PostgreSQL; undefined if they are not installed. With the full stack they must be. */
export const postgresPrograms = (): string | undefined => {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : [];
  const found = [...versions, ...(process.env['PATH'] ?? '').split(delimiter)].find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
  if (found === undefined && process.env['TRAINLOCK_TEST_STACK'] === 'full') throw new Error('the full stack must have PostgreSQL');
  return found;
};

export type PostgresServer = { readonly port: number; readonly password: string; readonly uri: string; readonly stop: () => Promise<void> };

/** PostgreSQL refuses to run as root: then it runs as nobody. */
const asUser: readonly string[] = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];

/** A server listens some time before it lets anybody in. A client that was refused cannot ask again: each try has its own. */
const lettingIn = async (port: number, password: string): Promise<void> => {
  for (let tries = 0; ; tries += 1) {
    const client = new Client({ host: '127.0.0.1', port, user: 'tester', database: 'postgres', password });
    try {
      await client.connect();
      return await client.end();
    } catch (error) {
      if (tries > 300) throw error;
      await new Promise((later) => setTimeout(later, 100));
    }
  }
};

/** Starts a server that demands a password, in a temporary folder; it lets people in when this returns. */
export const startPostgres = async (programs: string): Promise<PostgresServer> => {
  const root = mkdtempSync('/tmp/trainlock-pg-');
  chmodSync(root, 0o777);
  const password = 'test-password-value';
  const run = (argv: readonly string[], input: string = ''): void => {
    const [command = '', ...args] = [...asUser, ...argv];
    const ended = spawnSync(command, args, { cwd: root, input, encoding: 'utf8', env: { PATH: process.env['PATH'], LC_ALL: 'C' } });
    if (ended.status !== 0) throw new Error(`${argv[0]}: ${ended.stderr}`);
  };
  run(['sh', '-c', `umask 077; printf %s ${password} > password`]);
  run([join(programs, 'initdb'), '--pgdata=data', '--auth=scram-sha-256', '--username=tester', '--pwfile=password', '--encoding=UTF8', '--locale=C', '--no-sync']);
  const port = await freePort();
  const [command, ...args] = [...asUser, join(programs, 'postgres'), '-D', 'data', '-h', '127.0.0.1', '-p', String(port), '-k', root, '-c', 'fsync=off'];
  const child = spawn(command, args, { cwd: root, stdio: 'ignore', env: { PATH: process.env['PATH'], LC_ALL: 'C' } });
  await listening(port, child);
  await lettingIn(port, password);
  return {
    port,
    password,
    uri: `postgresql://tester@127.0.0.1:${port}/postgres`,
    stop: async () => {
      const ended = new Promise((closed) => child.on('close', closed));
      child.kill('SIGQUIT');
      await ended;
      rmSync(root, { recursive: true, force: true });
    },
  };
};
