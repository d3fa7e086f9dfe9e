import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameOfBytes } from '#digest';
import type { FileFacts, FilePath } from './file-facts.ts';
import { hashFile, READ_BYTES } from './hash-file.ts';
import { hashFiles } from './hash-files.ts';
import { packFacts, packPaths, unpackFacts, unpackPaths } from './hash-message.ts';
import { statFiles } from './stat-files.ts';
import { workerFile } from './worker-file.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trainlock-files-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const file = (name: string, content: Uint8Array | string): FilePath => {
  writeFileSync(join(folder, name), content);
  return { path: join(folder, name) };
};

describe('hashing', () => {
  it.each([0, 1, 4096, READ_BYTES - 1, READ_BYTES, READ_BYTES + 1, 3 * READ_BYTES, 9 * READ_BYTES + 17])('gives the digest of a file of %i bytes', async (size) => {
    const content = randomBytes(size);
    const [facts] = await hashFiles([file(`size-${size}`, content)]);
    expect(facts).toMatchObject({ kind: 'file', sizeBytes: size, sha256: sha256(content) });
    expect(facts!.changed).toBeUndefined();
  });

  it('agrees with sha256sum and stat', async () => {
    const one = file('agree', 'hello');
    const [facts] = await hashFiles([one]);
    expect(execFileSync('sha256sum', [one.path], { encoding: 'utf8' }).slice(0, 64)).toBe(facts!.sha256);
    const [size, inode, device, mode] = execFileSync('stat', ['-c', '%s %i %d %a', one.path], { encoding: 'utf8' }).trim().split(' ');
    expect([String(facts!.sizeBytes), facts!.inode, facts!.device, facts!.mode]).toEqual([size, inode, device, mode!.padStart(4, '0')]);
    const nanoseconds = execFileSync('python3', ['-c', 'import os,sys; s=os.stat(sys.argv[1]); print(s.st_mtime_ns, s.st_ctime_ns)', one.path], { encoding: 'utf8' }).trim();
    expect(`${facts!.mtimeNs} ${facts!.ctimeNs}`).toBe(nanoseconds);
  });

  it('follows links and says so', async () => {
    file('target', 'content');
    symlinkSync('target', join(folder, 'link'));
    symlinkSync('nowhere', join(folder, 'dangling'));
    symlinkSync('circle', join(folder, 'circle'));
    symlinkSync('.', join(folder, 'to-folder'));
    const facts = await hashFiles(['link', 'dangling', 'circle', 'to-folder'].map((name) => ({ path: join(folder, name) })));
    expect(facts[0]).toMatchObject({ kind: 'file', link: 'target', sha256: sha256(Buffer.from('content')) });
    expect(facts[1]).toMatchObject({ kind: 'absent', link: 'nowhere' });
    expect(facts[2]).toMatchObject({ kind: 'unreadable', reason: 'too many links' });
    expect(facts[3]).toMatchObject({ kind: 'folder', link: '.' });
  });

  it('never opens what is not a regular file', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const facts = await hashFiles(
      [join(folder, 'pipe'), '/dev/null', '/proc/self/status', folder, join(folder, 'nothing'), join(folder, 'target/below')].map((path) => ({ path })),
    );
    expect(facts.map((one) => [one.kind, one.reason])).toEqual([
      ['special', 'a pipe'],
      ['special', 'a device'],
      ['special', 'made up by the kernel'],
      ['folder', undefined],
      ['absent', undefined],
      ['absent', undefined],
    ]);
    expect(facts.every((one) => one.sha256 === undefined)).toBe(true);
  });

  it('takes names that are not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.of(0xe9)]);
    writeFileSync(bytes, 'raw');
    const name = nameOfBytes(bytes);
    const [facts] = await hashFiles([name]);
    expect(facts).toMatchObject({ ...name, kind: 'file', sha256: sha256(Buffer.from('raw')) });
  });

  it('says what it may not read', async () => {
    // Root may read everything: the test then runs as another user.
    const one = file('secret', 'x');
    chmodSync(one.path, 0o000);
    const program = `import('${new URL('../../dist/files/index.js', import.meta.url).href}').then(async ({ hashFiles }) => { process.setuid?.(65534); console.log(JSON.stringify(await hashFiles([{ path: ${JSON.stringify(one.path)} }]))); })`;
    chmodSync(folder, 0o755);
    const facts = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })) as FileFacts[];
    expect(facts[0]).toMatchObject({ kind: 'unreadable', reason: 'no permission' });
  });

  it('notices a file that changes while it is read', () => {
    const buffer = new Uint8Array(READ_BYTES);
    const run = (name: string, during: (path: string) => void): FileFacts => {
      const one = file(name, randomBytes(2 * READ_BYTES));
      const steps = hashFile(one, buffer);
      steps.next();
      during(one.path);
      for (;;) {
        const step = steps.next();
        if (step.done === true) return step.value;
      }
    };
    expect(run('grows', (path) => writeFileSync(path, 'more', { flag: 'a' }))).toMatchObject({ kind: 'file', changed: true });
    expect(run('shrinks', (path) => truncateSync(path, 10))).toMatchObject({ kind: 'file', changed: true, reason: 'it became shorter while it was read' });
    expect(run('replaced', (path) => linkSync(path, `${path}-2`))).toMatchObject({ changed: true });
    const gone = file('gone', 'x');
    const seen = { ...gone, kind: 'file' as const, sizeBytes: 1, mtimeNs: '1', ctimeNs: '1', inode: '1', device: '1', mode: '0644' };
    rmSync(gone.path);
    symlinkSync('target', gone.path);
    expect(hashFile(gone, buffer, seen).next().value).toMatchObject({ kind: 'unreadable', changed: true });
  });

  it('lets the event loop breathe without threads', async () => {
    const paths = Array.from({ length: 40 }, (_, i) => file(`slice-${i}`, randomBytes(READ_BYTES)));
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 1);
    await hashFiles(paths, { jobs: 1 });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
  });
});

describe('hashing with threads', () => {
  if (workerFile() === undefined) console.log('dist/files/hash-worker.js is not built: hashing with threads is not tested');
  const threads = workerFile() !== undefined;

  const manyFiles = (): FilePath[] => {
    const paths: FilePath[] = [];
    for (let i = 0; i < 2500; i += 1) {
      const sub = join(folder, `many-${i % 10}`);
      mkdirSync(sub, { recursive: true });
      const path = join(sub, `${i}.txt`);
      if (i % 500 === 0) symlinkSync('0.txt', path.replace('.txt', '.link'));
      writeFileSync(path, `content ${i}`);
      paths.push({ path: i % 500 === 1 ? `${path}.absent` : path });
    }
    paths.push({ path: join(folder, 'many-0/500.link') }, nameOfBytes(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.of(0xe9)])));
    for (const size of [9, 20, 12]) paths.push(file(`big-${size}`, randomBytes(size * 1024 * 1024)));
    return paths;
  };

  it.runIf(threads)('gives the same facts, in the same order, as without', async () => {
    const paths = manyFiles();
    let last = { files: 0, bytes: 0, totalFiles: 0, totalBytes: 0 };
    const facts = await hashFiles(paths, { jobs: 3, progressEveryMs: 0, onProgress: (done) => (last = { ...done }) });
    expect(facts).toEqual(await hashFiles(paths, { jobs: 1 }));
    expect(facts.map(({ path, raw }) => ({ path, ...(raw === undefined ? {} : { raw }) }))).toEqual(paths);
    expect(last.files).toBe(paths.length);
    expect(last).toMatchObject({ totalFiles: paths.length, totalBytes: last.bytes });
    expect(last.bytes).toBe(facts.reduce((sum, one) => sum + (one.sha256 === undefined ? 0 : one.sizeBytes!), 0));
  });

  it.runIf(threads)('stops when it is told to', async () => {
    const paths = manyFilesAgain();
    const stop = new AbortController();
    const work = hashFiles(paths, { jobs: 2, signal: stop.signal, progressEveryMs: 0, onProgress: () => stop.abort(new Error('enough')) });
    await expect(work).rejects.toThrow('enough');
    await expect(hashFiles(paths, { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
    await expect(hashFiles(paths.slice(0, 1500), { jobs: 1, signal: AbortSignal.timeout(1) })).rejects.toThrow();
  });

  const manyFilesAgain = (): FilePath[] => Array.from({ length: 40_000 }, (_, i) => ({ path: join(folder, `many-${i % 10}/${i % 2500}.txt`) }));

  it.runIf(threads)('keeps memory flat for large files', async () => {
    const big = join(folder, 'sparse');
    writeFileSync(big, '');
    truncateSync(big, 600 * 1024 * 1024);
    const program = `const { hashFiles } = await import(${JSON.stringify(new URL('../../dist/files/index.js', import.meta.url).href)});
      await hashFiles(Array.from({ length: 3 }, () => ({ path: ${JSON.stringify(big)} })));
      console.log(process.resourceUsage().maxRSS / 1024);`;
    const peakMiB = Number(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }));
    expect(peakMiB).toBeLessThan(160);
  });

  it.runIf(threads)('goes on in the main thread when threads cannot be started', async () => {
    const paths = manyFilesAgain().slice(0, 2100);
    const program = `const { hashFiles } = await import(${JSON.stringify(new URL('../../dist/files/index.js', import.meta.url).href)});
      const paths = ${JSON.stringify(paths)};
      const facts = await hashFiles(paths, { jobs: 2 });
      console.log(facts.filter((one) => one.sha256 !== undefined).length);`;
    // A preload that kills every thread as it starts.
    const preload = file('preload.cjs', "if (!require('node:worker_threads').isMainThread) process.exit(3);");
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      env: { ...process.env, NODE_OPTIONS: `--require ${preload.path}` },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    for await (const chunk of child.stdout) text += String(chunk);
    expect(Number(text)).toBe(2100);
  });
});

describe('messages between threads', () => {
  const path = fc.record({ path: fc.string().filter((text) => !text.includes('\0')), raw: fc.base64String() }, { requiredKeys: ['path'] });
  it('bring paths unchanged', () => {
    fc.assert(
      fc.property(fc.array(path, { minLength: 1 }), (paths) => {
        expect(unpackPaths(packPaths(paths))).toEqual(paths);
      }),
    );
  });

  it('bring facts unchanged', () => {
    const digits = fc.bigInt({ min: 0n, max: 1n << 64n }).map(String);
    const facts = fc.record(
      {
        path: fc.string(),
        kind: fc.constantFrom('file' as const, 'absent' as const, 'unreadable' as const),
        sizeBytes: fc.maxSafeNat(),
        mtimeNs: digits,
        ctimeNs: digits,
        inode: digits,
        device: digits,
        mode: fc.constantFrom('0644', '4755'),
        sha256: fc.constant('a'.repeat(64)),
        link: fc.string(),
        changed: fc.constant(true),
        reason: fc.string(),
      },
      { requiredKeys: ['path', 'kind', 'sizeBytes', 'mtimeNs', 'ctimeNs', 'inode', 'device', 'mode'] },
    );
    fc.assert(
      fc.property(
        fc.array(
          facts.filter((one) => one.reason === undefined || one.sha256 === undefined),
          { minLength: 1 },
        ),
        (all) => {
          expect(unpackFacts(packFacts(all), all)).toEqual(all);
        },
      ),
    );
  });
});

describe('looking', () => {
  it('gives the facts of hashing without the digest', async () => {
    const paths = [file('looked', 'x'), { path: join(folder, 'none') }, { path: folder }];
    const hashed = await hashFiles(paths);
    expect(await statFiles(paths)).toEqual(hashed.map((one) => Object.fromEntries(Object.entries(one).filter(([key]) => key !== 'sha256'))));
  });
});
