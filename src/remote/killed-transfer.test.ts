import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { times } from '../../test/harness/effort.ts';
import { s3Program, startS3, type S3Server } from '../../test/harness/s3-server.ts';

const program = s3Program();
const door = resolve('dist/remote/index.js');

/** As a command would do it, with the built program: reads what to move, moves it, writes how that ended. */
const SCRIPT = `
import { readFileSync } from 'node:fs';
const { openRemote, transferObjects } = await import(process.env.DOOR);
const { direction, address, objects } = JSON.parse(readFileSync(process.env.PLAN, 'utf8'));
const remote = await openRemote(address);
const { moved, present, failures, end } = await transferObjects({ direction, remote, objects, jobs: 4, onProgress: () => process.stdout.write('.') });
process.stdout.write('\\n' + JSON.stringify({ moved, present, failures: failures.map(({ error }) => error.message), end }));
remote.close();
`;

/** Kills of each transfer, if it does not end before. */
const KILLS = times(10, 5);

const SIZES = [0, 1, 5000, 200_000, 3_000_000, 3_000_000, 20_000_000, 40_000_000, ...Array.from({ length: 30 }, (_, index) => 1000 + index)];

type Planned = { readonly name: string; readonly path: string; readonly sha256: string; readonly sizeBytes: number };

describe.skipIf(!existsSync(door))('a transfer that is killed again and again (skipped if nothing is built)', () => {
  let folder: string;
  let server: S3Server | undefined;
  let objects: readonly Planned[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trainlock-killed-'));
    server = program === undefined ? undefined : await startS3(program, ['store']);
    objects = SIZES.map((size, index) => {
      const bytes = randomBytes(size);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      writeFileSync(join(folder, `source-${index}`), bytes);
      return { name: `objects/sha256/${sha256.slice(0, 2)}/${sha256.slice(2)}`, path: join(folder, `source-${index}`), sha256, sizeBytes: size };
    });
  });

  afterAll(() => {
    server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (plan: object): ChildProcess => {
    writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan));
    const env = { ...process.env, ...server?.environment, AWS_CONFIG_FILE: '/dev/null', DOOR: door, PLAN: join(folder, 'plan.json') };
    return spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', SCRIPT], { env, stdio: ['ignore', 'pipe', 'inherit'], cwd: resolve('.') });
  };

  /** Runs until it ends by itself; kills it before that as often as asked, at random moments of its work. Gives the result and how often it was killed. */
  const runKilled = async (plan: object, kills: number): Promise<{ readonly result: Record<string, unknown>; readonly killed: number }> => {
    let killed = 0;
    for (let round = 0; ; round += 1) {
      const child = start(plan);
      const lastStep = round < kills ? randomInt(1, 40) : Number.POSITIVE_INFINITY;
      let printed = '';
      child.stdout!.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
        if (printed.length >= lastStep) child.kill('SIGKILL');
      });
      const signal = await new Promise<string | null>((ended) => child.on('close', (_, by) => ended(by)));
      if (signal === null) return { result: JSON.parse(printed.slice(printed.indexOf('\n'))) as Record<string, unknown>, killed };
      killed += 1;
    }
  };

  const places: readonly (readonly [string, () => string])[] = [
    ['a folder', (): string => join(folder, 'remote')],
    ...(program === undefined ? [] : [['a bucket', (): string => 's3://store/killed'] as const]),
  ];

  it.each(places)('to and from %s ends right', async (_, address) => {
    if (!address().startsWith('s3:')) mkdirSync(address());
    const push = await runKilled({ direction: 'push', address: address(), objects }, KILLS);
    expect(push.result).toMatchObject({ end: 'done', failures: [] });
    const pulled = objects.map((one, index) => ({ ...one, path: join(folder, `pulled-${address().length}`, String(index)) }));
    const pull = await runKilled({ direction: 'pull', address: address(), objects: pulled }, KILLS);
    expect(pull.result).toMatchObject({ end: 'done', failures: [] });
    for (const one of pulled) expect(createHash('sha256').update(readFileSync(one.path)).digest('hex')).toBe(one.sha256);
    // Nothing but whole files is left, except parts that a killed process had not finished and another one began anew.
    expect(readdirSync(join(folder, `pulled-${address().length}`)).filter((name) => !/^[0-9]+$/.test(name) && !name.endsWith('.part'))).toEqual([]);
    expect(push.killed + pull.killed).toBeGreaterThan(4);
  });
});
