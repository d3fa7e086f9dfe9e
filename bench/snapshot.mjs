// What a snapshot costs beside the tools that people use for it. Usage: node bench/snapshot.mjs [rounds] [part…]; needs npm run build.
// Parts: many (100,000 files of 4 KiB), big (one file of 4 GiB), again (an unchanged tree), diff (two snapshots that differ in three
// files), million (1,000,000 files; memory and growth), store (what also keeps the bytes). Tools that are not installed are left out
// and named: sha256sum, md5sum, b3sum, git, rsync, openssl, dvc, datalad; DVC and DATALAD may name their programs.
import { spawnSync } from 'node:child_process';
import { closeSync, cpSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { interleave, row, timed } from './interleaved.mjs';

const rounds = Number(process.argv[2] ?? 5);
const parts = process.argv.slice(3);
const wanted = (part) => parts.length === 0 || parts.includes(part);
const trainlock = [process.execPath, resolve('dist/bin/trainlock.mjs')];
const base = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'trainlock-bench-'));
process.on('exit', () => rmSync(base, { recursive: true, force: true }));

const program = (name, variable) => {
  const given = variable === undefined ? undefined : process.env[variable];
  const found = given ?? spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();
  if (found === '') console.log(`${name} is not installed: left out`);
  return found === '' ? undefined : found;
};

/** Commands of tools that are there. */
const only = (commands) => Object.fromEntries(Object.entries(commands).filter(([, run]) => run !== undefined));

const shell = (text, cwd) => timed(['sh', '-c', text], { cwd });

/** Files of equal size with content that follows from their numbers. */
const makeTree = (root, { files, perFolder, bytes }) => {
  for (let d = 0; d * perFolder < files; d += 1) {
    const folder = join(root, `d${String(d).padStart(5, '0')}`);
    mkdirSync(folder, { recursive: true });
    const content = Buffer.alloc(bytes, createHash('sha256').update(String(d)).digest());
    for (let i = 0; i < perFolder && d * perFolder + i < files; i += 1) {
      content.writeUInt32LE(i, 0);
      writeFileSync(join(folder, `f${String(i).padStart(6, '0')}.bin`), content);
    }
  }
};

const table = (title, figures, base) => {
  console.log(`\n${title}, ${rounds} rounds in turn, medians`);
  for (const [name, one] of Object.entries(figures)) console.log(row(name, one, figures[base]));
};

const snapshot = (project, path, ...flags) => timed([...trainlock, 'snapshot', path, ...flags], { cwd: project });

const project = (name) => {
  const folder = join(base, name);
  mkdirSync(folder, { recursive: true });
  return folder;
};

const xargs = (command, root) => `find ${root} -type f -print0 | xargs -0 -P2 -n 2000 ${command} > /dev/null`;

console.log(`${cpus().length} x ${cpus()[0].model}, Node ${process.version}`);
const tree = join(base, 'many');
if (wanted('many') || wanted('again') || wanted('diff') || wanted('store')) makeTree(tree, { files: 100_000, perFolder: 1000, bytes: 4096 });

if (wanted('many')) {
  const home = project('p-many');
  const tools = { sha256sum: program('sha256sum'), md5sum: program('md5sum'), b3sum: program('b3sum') };
  const figures = interleave(
    only({
      'trainlock snapshot --full': () => snapshot(home, tree, '--full'),
      'sha256sum, xargs -P2': tools.sha256sum && (() => shell(xargs('sha256sum', tree))),
      'md5sum, xargs -P2': tools.md5sum && (() => shell(xargs('md5sum', tree))),
      'b3sum, xargs -P2': tools.b3sum && (() => shell(xargs('b3sum', tree))),
    }),
    rounds,
  );
  table('100,000 files of 4 KiB', figures, 'sha256sum, xargs -P2');
}

if (wanted('big')) {
  const path = join(base, 'big.bin');
  const piece = Buffer.alloc(64 * 1024 * 1024, createHash('sha256').update('big').digest());
  const file = openSync(path, 'w');
  for (let i = 0; i < 64; i += 1) {
    piece.writeUInt32LE(i, 0);
    writeSync(file, piece);
  }
  closeSync(file);
  const home = project('p-big');
  const figures = interleave(
    only({
      'trainlock snapshot --full': () => snapshot(home, path, '--full'),
      'openssl dgst -sha256': program('openssl') && (() => timed(['openssl', 'dgst', '-sha256', path])),
      sha256sum: program('sha256sum') && (() => timed(['sha256sum', path])),
      md5sum: program('md5sum') && (() => timed(['md5sum', path])),
    }),
    Math.min(3, rounds),
  );
  table('one file of 4 GiB, with digests of its pieces', figures, 'openssl dgst -sha256');
  rmSync(path);
}

if (wanted('again')) {
  const home = project('p-again');
  const [git, rsync] = [program('git'), program('rsync')];
  const copy = join(base, 'copy');
  if (rsync !== undefined || git !== undefined) cpSync(tree, copy, { recursive: true, preserveTimestamps: true });
  if (git !== undefined) {
    shell('git init -q . && git add -A && git -c user.name=b -c user.email=b@example.com commit -qm x', copy);
    shell('git status --porcelain', copy);
  }
  spawnSync('sleep', ['3']);
  snapshot(home, tree);
  snapshot(home, tree);
  const figures = interleave(
    only({
      'trainlock snapshot': () => snapshot(home, tree),
      'git status': git && (() => shell('git status --porcelain', copy)),
      'rsync -n': rsync && (() => timed(['rsync', '-an', `${tree}/`, `${copy}/`])),
    }),
    rounds,
  );
  table('100,000 unchanged files', figures, 'git status');
  rmSync(copy, { recursive: true, force: true });
}

if (wanted('diff')) {
  const home = project('p-diff');
  snapshot(home, tree, '--name', 'one');
  for (const name of ['d00001/f000001.bin', 'd00050/f000500.bin', 'd00099/f000999.bin']) writeFileSync(join(tree, name), `changed ${name}`);
  snapshot(home, tree, '--name', 'two');
  const figures = interleave(
    {
      'trainlock data show, one snapshot': () => timed([...trainlock, 'data', 'show', 'one'], { cwd: home }),
      'trainlock data diff': () => timed([...trainlock, 'data', 'diff', 'one', 'two'], { cwd: home }),
      'node -e 0': () => timed([process.execPath, '-e', '0']),
    },
    rounds * 3,
  );
  table('two snapshots of 100,000 files that differ in three', figures, 'trainlock data show, one snapshot');
}

if (wanted('million')) {
  const million = join(base, 'million');
  const measured = [];
  for (const files of [250_000, 500_000, 1_000_000]) {
    makeTree(million, { files, perFolder: 1000, bytes: 64 });
    const home = project(`p-million-${files}`);
    shell(`find ${million} -type f > /dev/null`);
    const { stderr } = spawnSync('/usr/bin/time', ['-f', '%e %M', ...trainlock, 'snapshot', million, '--full'], { cwd: home, encoding: 'utf8' });
    const [seconds, kibibytes] = stderr.trim().split('\n').at(-1).split(' ').map(Number);
    measured.push(
      `${files.toLocaleString('en').padStart(9)} files: ${seconds.toFixed(1)} s, ${((seconds / files) * 1e6).toFixed(1)} µs a file, ${Math.round(kibibytes / 1024)} MiB at most`,
    );
  }
  console.log(`\nfiles of 64 bytes, once each\n${measured.join('\n')}`);
  rmSync(million, { recursive: true, force: true });
}

if (wanted('store')) {
  const small = join(base, 'small');
  makeTree(small, { files: 5000, perFolder: 500, bytes: 4096 });
  const [git, dvc, datalad] = [program('git'), program('dvc', 'DVC'), program('datalad', 'DATALAD')];
  let count = 0;
  const fresh = (setUp) => {
    const folder = project(`p-store-${(count += 1)}`);
    cpSync(small, join(folder, 'data'), { recursive: true });
    if (setUp !== undefined) shell(setUp, folder);
    return folder;
  };
  const identity = 'git config user.name b && git config user.email b@example.com';
  const figures = interleave(
    only({
      'trainlock snapshot': () => snapshot(fresh(), 'data'),
      'trainlock snapshot --keep': () => snapshot(fresh(), 'data', '--keep'),
      'git add': git && (() => shell('git add -A', fresh('git init -q .'))),
      'dvc add': dvc && (() => shell(`${dvc} add -q data`, fresh(`git init -q . && ${identity} && ${dvc} init -q`))),
      'datalad save':
        datalad && (() => shell(`${datalad} -l error save -m x > /dev/null`, fresh(`git init -q . && ${identity} && ${datalad} -l error create --force . > /dev/null`))),
    }),
    Math.min(3, rounds),
  );
  table('5,000 new files of 4 KiB', figures, 'git add');
  if (dvc !== undefined) {
    const ours = fresh();
    const theirs = fresh(`git init -q . && ${identity} && ${dvc} init -q && ${dvc} add -q data`);
    spawnSync('sleep', ['3']);
    snapshot(ours, 'data');
    snapshot(ours, 'data');
    table(
      '5,000 unchanged files',
      interleave({ 'trainlock snapshot': () => snapshot(ours, 'data'), 'dvc status': () => shell(`${dvc} status -q`, theirs) }, Math.min(3, rounds)),
      'dvc status',
    );
  }
}
