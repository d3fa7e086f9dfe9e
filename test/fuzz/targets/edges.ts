import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll } from 'vitest';
import { readJson, TrainlockError, utf8 } from '#base';
import { readEvents } from '#assembly';
import { summaryOf, summaryOfStart } from '../../../src/store/run-summary.ts';
import { readMarks } from '../../../src/store/marks.ts';
import { readFrameHeader } from '../../../src/store/zstd/frame-header.ts';
import { unpackObject } from '../../../src/store/zstd/unpack-object.ts';
import { readDescription, writeDescription } from '../../../src/logbook/log-description.ts';
import { readHeads } from '../../../src/logbook/remembered-heads.ts';
import { type OpenBytes, withBytes } from '../../../src/content/open-bytes.ts';
import { lookAtAudio } from '../../../src/content/media/look-at-audio.ts';
import { lookAtImage } from '../../../src/content/media/look-at-image.ts';
import { unpackLz4Frame } from '../../../src/content/tables/lz4-frame.ts';
import { npyHeaderOf } from '../../../src/content/tables/npy-header.ts';
import { proveWheel } from '../../../src/flows/env/read-wheel.ts';
import { memberPieces, zipMembers } from '../../../src/content/tables/zip-members.ts';
import { readMetadata } from '../../../src/capture/probes/distribution-metadata.ts';
import { readRecord } from '../../../src/capture/probes/distribution-record.ts';
import { importsOfSource } from '../../../src/capture/probes/distribution-relations.ts';
import { buildIdIn, readElfNotes } from '../../../src/capture/probes/elf-build-id.ts';
import { readIndex } from '../../../src/capture/probes/git-files.ts';
import { readGitStatus } from '../../../src/capture/probes/git-status.ts';
import { readRequirement } from '../../../src/capture/probes/requirement.ts';
import { readPipReport } from '../../../src/environment/read-pip-report.ts';
import { databaseOf } from '../../../src/origins/database-address.ts';
import { readDvcListing } from '../../../src/origins/dvc-listing.ts';
import { outputsOfDvcFile } from '../../../src/origins/dvc-outputs.ts';
import { readIni } from '../../../src/origins/dvc-project.ts';
import { hubUri, readHubUri } from '../../../src/origins/hub-layout.ts';
import { readLfsPointer } from '../../../src/origins/lfs-pointer.ts';
import { readYaml } from '../../../src/origins/read-yaml.ts';
import { parseRemoteAddress } from '../../../src/remote/remote-address.ts';
import { kubernetesJobs } from '../../../src/flows/log/kubernetes-jobs.ts';
import { slurmJobs } from '../../../src/flows/log/slurm-jobs.ts';
import { trainingManifest } from '../../fixtures/training-manifest.ts';
import { fixedLog, json, LOG } from '../seeds/documents.ts';
import { writeNote, writeVerifierKey } from '#tlog';
import { anyText, demand, demandSame, kindOfMessage, orThrown, type Target } from '../engine/target.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'trainlock-fuzz-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

/** Runs work over a file with these bytes. */
const inFile = async <T>(name: string, bytes: Uint8Array, work: (path: string) => Promise<T>): Promise<T> => {
  const path = join(FOLDER, name);
  writeFileSync(path, bytes);
  return work(path);
};

/** A file that lies in memory. */
const openBytes = (bytes: Uint8Array): OpenBytes =>
  ({
    sizeBytes: bytes.length,
    read: (offset: number, length: number) => {
      demand(Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0 && length <= 64 * 1024 * 1024, 'bytes at no place are asked for');
      if (offset + length > bytes.length) return Promise.reject(new TrainlockError('TL0002', 'it is cut off'));
      return Promise.resolve(bytes.slice(offset, offset + length));
    },
  }) as unknown as OpenBytes;

const EVENTS = [
  '{"kind":"start","seq":0,"timeUs":1,"version":1,"process":"0","parent":"","pid":1,"ppid":0,"how":"exec","argv":["python"],"executable":"/usr/bin/python","implementation":"CPython","pythonVersion":"3.11","cwd":"/"}',
  '{"kind":"metric","seq":1,"timeUs":2,"name":"a","value":"0.5"}',
  '{"kind":"end","seq":2,"timeUs":3,"how":"normal"}',
].map((line) => `${line}\n`);

const events: Target = {
  name: 'events',
  grammar: 'lines',
  // Some ten microseconds for each line that is refused, and half of the bytes may be line feeds.
  slowMs: 8000,
  seeds: () => [utf8(EVENTS.join('')), utf8(EVENTS.join('').slice(0, -3))],
  run: (bytes) => {
    const read = readEvents('0.jsonl', bytes);
    const lineFeeds = bytes.reduce((sum, byte) => sum + (byte === 10 ? 1 : 0), 0);
    demand(read.lines === lineFeeds && read.events.length <= read.lines, 'lines are counted in another way');
    demand(!read.complete || read.events.every(({ seq }, i) => seq === i), 'a log with a gap is called complete');
    demandSame(readEvents('0.jsonl', bytes.slice()), read, 'the same bytes were read in two ways');
    return `${read.complete} ${[...new Set(read.events.map(({ kind }) => kind))].join(' ')}`;
  },
};

const started: Target = {
  name: 'run-start',
  grammar: 'json',
  seeds: () => [
    json({
      command: ['python', 'train.py'],
      trainlockVersion: '0.1.0',
      run: { id: 'x', startedAt: '2026-11-24T08:00:00Z', name: 'n', tags: { a: 'b' }, parents: [{ kind: 'replay', run: 'y' }] },
    }),
    json(summaryOf(trainingManifest())),
  ],
  run: (bytes) => {
    const read = readJson(bytes);
    if (read.kind === 'rejected') return 'no JSON';
    const summary = summaryOfStart(read.value);
    return summary === undefined ? 'refused' : `${summary.kind} ${Object.keys(summary).length}`;
  },
};

const marks: Target = {
  name: 'marks',
  grammar: 'json',
  seeds: () => [json({ at: '2026-11-24T08:00:00Z', by: 'ann', name: 'best', set: { stage: 'candidate' }, removed: ['old'] })],
  run: async (bytes) => {
    const run = join(FOLDER, 'run');
    const { mkdirSync } = await import('node:fs');
    mkdirSync(join(run, 'marks'), { recursive: true });
    writeFileSync(join(run, 'marks', '000001.json'), bytes);
    return orThrown(['TL0309'], () => readMarks(run));
  },
};

const description: Target = {
  name: 'log-description',
  grammar: 'json',
  seeds: () => [
    writeDescription({
      schemaVersion: '1.0',
      origin: 'log.example/one',
      machine: '0123456789abcdef',
      createdAt: '2026-11-24T08:00:00Z',
      continues: { origin: 'log.example/zero', size: 3, root: 'a'.repeat(64) },
    }),
  ],
  run: (bytes) =>
    inFile('log.json', bytes, () =>
      orThrown(['TL1402'], async () => {
        const read = await readDescription(FOLDER);
        if (read !== undefined)
          demandSame(await inFile('log.json', writeDescription(read), () => readDescription(FOLDER)), read, 'the description is another when it is written again');
        return read;
      }),
    ),
};

const heads: Target = {
  name: 'remembered-heads',
  grammar: 'json',
  seeds: () => [json({ schemaVersion: '1.0', heads: [{ key: writeVerifierKey(LOG.key), checkpoint: Buffer.from(writeNote(fixedLog().note)).toString() }] })],
  run: (bytes) => inFile('heads.json', bytes, (path) => orThrown(['TL1402'], () => readHeads(path))),
};

/** A frame of raw blocks. Source: RFC 8878 §3.1.1. */
const zstdFrame = (content: Uint8Array): Uint8Array => {
  const size = content.length;
  return Buffer.concat([
    Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x60, (size - 256) & 255, (size - 256) >> 8),
    Uint8Array.of(((size << 3) | 1) & 255, (size >> 5) & 255, size >> 13),
    content,
  ]);
};

const MOST_UNPACKED = 1024 * 1024;

const zstd: Target = {
  name: 'zstd-object',
  grammar: 'bytes',
  seeds: () => [zstdFrame(new Uint8Array(300)), Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x60, 0x00, 0x10, 0x03, 0x88, 0x00, 0x41)],
  run: (bytes) =>
    inFile('object', bytes, async (path) => {
      const header = readFrameHeader(bytes.subarray(0, 18));
      const answer = await orThrown(['TL0306', 'TL0002', 'TL0301', 'TL0303', 'TL0304', 'TL0305', 'TL0307', 'TL0308'], async () => {
        let size = 0;
        for await (const piece of unpackObject(path, MOST_UNPACKED, null)) {
          size += piece.length;
          demand(size <= MOST_UNPACKED && size <= (header?.contentBytes ?? 0), 'more comes out than the object says');
        }
        return size;
      });
      return `${header === undefined ? 'no header' : 'header'} ${answer}`;
    }),
};

/** An archive with these members. Source: PKWARE APPNOTE 6.3.9. */
const zip = (members: readonly (readonly [string, Uint8Array, boolean])[]): Uint8Array => {
  const heads: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, bytes, isPacked] of members) {
    const packed = isPacked ? deflateRawSync(bytes) : Buffer.from(bytes);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(isPacked ? 8 : 0, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const head = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), common, Buffer.from(name), packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), common, rest, Buffer.from(name)]));
    heads.push(head);
    offset += head.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Uint8Array.from(Buffer.concat([...heads, central, end]));
};

const crc32 = (bytes: Uint8Array): number => {
  let state = 0xffffffff;
  for (const byte of bytes) {
    state ^= byte;
    for (let i = 0; i < 8; i += 1) state = (state >>> 1) ^ (0xedb88320 & -(state & 1));
  }
  return (state ^ 0xffffffff) >>> 0;
};

const zipArchive: Target = {
  name: 'zip',
  grammar: 'bytes',
  seeds: () => [
    zip([
      ['a.npy', utf8('abc'), false],
      ['b.npy', new Uint8Array(1000), true],
    ]),
    zip([]),
  ],
  run: (bytes) =>
    inFile('archive.zip', bytes, (path) =>
      orThrown(['TL0002'], () =>
        withBytes(path, async (file) => {
          for (const member of (await zipMembers(file)).slice(0, 4)) {
            let size = 0;
            for await (const piece of memberPieces(file, member)) size += piece.length;
            demand(size <= 64 * 1024 * 1024, 'a small archive unpacks to very much');
          }
          return 1;
        }),
      ),
    ),
};

const INIT = utf8('NAME = 1\n');
const wheelOf = (record: string): Uint8Array =>
  zip([
    ['a/__init__.py', INIT, true],
    ['a-1.dist-info/RECORD', utf8(record), false],
  ]);
const RECORD_OF_WHEEL = `a/__init__.py,sha256=${createHash('sha256').update(INIT).digest('base64url')},9\na-1.dist-info/RECORD,,\n`;

const wheel: Target = {
  name: 'wheel',
  grammar: 'bytes',
  seeds: () => [wheelOf(RECORD_OF_WHEEL), wheelOf(RECORD_OF_WHEEL.replace('sha256=', 'sha256=x')), wheelOf('')],
  run: (bytes) =>
    inFile('a-1-py3-none-any.whl', bytes, async (path) => {
      const proven = await proveWheel(path, () => true);
      if (proven === undefined) return 'proves nothing';
      demand(proven.sha256 === createHash('sha256').update(bytes).digest('hex') && proven.sizeBytes === bytes.length, 'another file is proven');
      return 'proven';
    }),
};

const npy: Target = {
  name: 'npy',
  grammar: 'bytes',
  seeds: () =>
    ["{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }", "{'descr': [('a', '<i4'), ('b', '|S3')], 'fortran_order': True, 'shape': (), }"].map((head) =>
      Buffer.concat([Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, head.length, 0), Buffer.from(head)]),
    ),
  run: (bytes) =>
    orThrown(['TL0002'], () => {
      const head = npyHeaderOf(bytes);
      demand(head.dataOffset <= bytes.length, 'the values begin behind the end');
      return head;
    }),
};

const lz4: Target = {
  name: 'lz4',
  grammar: 'bytes',
  seeds: () => [
    Uint8Array.of(4, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82, 4, 0, 0, 0x80, 1, 2, 3, 4, 0, 0, 0, 0),
    Uint8Array.of(4, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82, 9, 0, 0, 0, 0x1f, 0x41, 1, 0, 20, 0x50, 1, 2, 3, 0, 0, 0, 0),
  ],
  run: (bytes) => orThrown(['TL0002'], () => demand(unpackLz4Frame(bytes).length <= 256 * bytes.length + 1024, 'a small frame unpacks to very much')),
};

const PNG = Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082', 'hex');
const GIF = Buffer.from('47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b', 'hex');
const JPEG = Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0001108000100010301220002110103110 1ffd9'.replaceAll(' ', ''), 'hex');
const TIFF = Buffer.from('49492a000800000002000001030001000000050000000101030001000000070000 0000000000'.replaceAll(' ', ''), 'hex');
const SVG = utf8('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="10" height="2cm" viewBox="0 0 10 10"></svg>');

const image: Target = { name: 'image', grammar: 'bytes', seeds: () => [PNG, GIF, JPEG, TIFF, SVG], run: (bytes) => orThrown(['TL0002'], () => lookAtImage(openBytes(bytes))) };

const wav = (): Uint8Array => {
  const head = Buffer.from('524946462c00000057415645666d7420100000000100010040 1f0000803e00000200100064617461080000000000000000000000'.replaceAll(' ', ''), 'hex');
  return Uint8Array.from(head);
};

const audio: Target = {
  name: 'audio',
  grammar: 'bytes',
  slowMs: 15_000,
  seeds: () => [
    wav(),
    utf8('OggS'),
    Buffer.from('664c614300000022100010000000000000000ac440f0000000000000000000000000000000000000000000', 'hex'),
    Buffer.from('4944330300000000000afffb9064', 'hex'),
  ],
  // The name changes: what the library remembers of a file must not answer for another one.
  run: (bytes) => inFile(`audio-${randomUUID().slice(0, 2)}.wav`, bytes, (path) => orThrown(['TL0002'], () => lookAtAudio(path))),
};

const textTarget = (name: string, seeds: readonly string[], read: (text: string) => unknown): Target => ({
  name,
  grammar: 'lines',
  seeds: () => seeds.map(utf8),
  run: (bytes) => {
    const text = anyText(bytes);
    const first = read(text);
    demandSame(read(text), first, 'the same text was read in two ways');
    return first === undefined
      ? 'nothing'
      : Array.isArray(first)
        ? `list ${Math.min(3, first.length)}`
        : typeof first === 'object'
          ? `object ${Object.keys(first as object).join(' ')}`
          : typeof first;
  },
});

const METADATA =
  'Metadata-Version: 2.1\nName: A.b\nVersion: 1.0\nRequires-Dist: numpy[x,y] (>=1.0,<2) ; python_version < "3.9"\nRequires-Dist: c @ https://e.org/c;d ; extra == "z"\n\nText\n';

const REQUIREMENT = textTarget('requirement', ['numpy[a,b]>=1.0,<2 ; python_version<"3"', 'x @ https://example.org/a;b ; extra == "c"', '-e .', 'a (==1)'], readRequirement);
const METADATA_TEXT = textTarget('metadata', [METADATA], readMetadata);
const RECORD = textTarget('record-csv', ['a/b.py,sha256=abc,12\r\n"a, b",sha256=d,\nc,,\n'], readRecord);
const IMPORTS = textTarget('imports', ['import a.b as c, d\nfrom e.f import (g,\n h)\nif x: import y\n"""import z"""\n'], importsOfSource);
const INI = textTarget('ini', ['[core]\n  remote = r\n[\'remote "r"\']\nurl = s3://b\n', `[core]\nurl = s3:${' '.repeat(60_000)}x\n`], readIni);
const SLURM = textTarget('slurm', ['JobID|JobName|State|Start|End\n1|train|COMPLETED|2026-11-24T08:00:00|2026-11-24T09:00:00\n2.batch|x|FAILED|Unknown|\n'], slurmJobs);
const HUB = textTarget('hub-address', ['hf://datasets/a/b', 'hf://a/b', 'hf://spaces/x'], (text) => {
  const place = readHubUri(text);
  if (place !== undefined) demand(hubUri(place) === text, 'the address is another when it is written again');
  return place;
});

const bufferTarget = (name: string, seeds: readonly Uint8Array[], read: (bytes: Buffer) => unknown): Target => ({
  name,
  grammar: 'bytes',
  seeds: () => seeds,
  run: (bytes) => {
    const first = read(Buffer.from(bytes));
    return first === undefined
      ? 'nothing'
      : typeof first === 'string'
        ? 'text'
        : Array.isArray(first)
          ? `list ${Math.min(3, first.length)}`
          : `object ${Object.keys(first as object).join(' ')}`;
  },
});

const ELF = Buffer.alloc(184);
ELF.write('7f454c460201', 'hex');
ELF.writeUInt16LE(56, 54);
ELF.writeUInt16LE(1, 56);
ELF.writeBigUInt64LE(64n, 32);
ELF.writeUInt32LE(4, 64);
ELF.writeBigUInt64LE(120n, 72);
ELF.writeBigUInt64LE(36n, 96);
const NOTE = Buffer.concat([Buffer.from('040000001400000003000000474e5500', 'hex'), Buffer.alloc(20, 7)]);

const OID = 'a'.repeat(40);
const elf = bufferTarget('elf-notes', [ELF, ELF.subarray(0, 52)], readElfNotes);
const buildId = bufferTarget(
  'build-id',
  [NOTE, Buffer.concat([Buffer.from('0500000004000000010000004142434400000000aabbccdd', 'hex'), NOTE])],
  (bytes) => buildIdIn(bytes, true) ?? buildIdIn(bytes, false),
);
const gitIndex = bufferTarget('git-index', [utf8(`H 100644 ${OID} 0\ta b\0S 120000 ${OID} 2\tc\0h 160000 ${OID} 0\td\0`)], readIndex);
const gitStatus = bufferTarget(
  'git-status',
  [
    utf8(
      `# branch.oid ${OID}\0# branch.head main\0# branch.upstream origin/main\0# branch.ab +1 -2\x001 .M N... 100644 100644 100644 ${OID} ${OID} a b\x002 R. N... 100644 100644 100644 ${OID} ${OID} R100 new\0old\0? c\0! d\0u UU N... 1 1 1 1 ${OID} ${OID} ${OID} e\0`,
    ),
  ],
  readGitStatus,
);

const jobs: Target = {
  name: 'kubernetes-jobs',
  grammar: 'json',
  seeds: () => [
    json({
      items: [
        {
          metadata: { name: 'train', uid: 'u', namespace: 'n', creationTimestamp: '2026-11-24T08:00:00Z', labels: { a: 'b' } },
          status: { succeeded: 1, startTime: '2026-11-24T08:00:00Z', completionTime: '2026-11-24T08:00:00Z' },
        },
      ],
    }),
  ],
  run: (bytes) => {
    const read = kubernetesJobs(bytes);
    demand(Array.isArray(read.jobs) && Array.isArray(read.unread), 'no list');
    return `${Math.min(2, read.jobs.length)} ${kindOfMessage(read.unread[0] ?? '')}`;
  },
};

const database: Target = {
  name: 'database-address',
  grammar: 'bytes',
  seeds: () => ['sqlite:a.db', 'sqlite:///a.db', 'postgresql://u:p@h:1/d?sslmode=x', 'postgres://'].map(utf8),
  run: (bytes) => orThrown(['TL0805'], () => databaseOf(anyText(bytes))),
};
const remote: Target = {
  name: 'remote-address',
  grammar: 'bytes',
  seeds: () => ['/a/../b', 'file:///a%20b', 's3://bucket/a//b/', 's3://u@b/x', `s3://bucket/a${'/'.repeat(60_000)}b`, 'file://host/x', 'C:\\x'].map(utf8),
  run: (bytes) => orThrown(['TL0805'], () => parseRemoteAddress(anyText(bytes))),
};

const dvcListing: Target = {
  name: 'dvc-listing',
  grammar: 'json',
  seeds: () => [
    json([
      { md5: 'a'.repeat(32), relpath: 'a/b.csv' },
      { md5: 'b'.repeat(32), relpath: 'c.csv' },
    ]),
    json([{ md5: 'a'.repeat(32), relpath: '../x' }]),
  ],
  run: (bytes) => {
    const listed = readDvcListing(bytes, `${createHash('md5').update(bytes).digest('hex')}.dir`);
    demand(
      listed === undefined || listed.every(({ path }) => !path.startsWith('/') && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')),
      'a path leads out of the folder',
    );
    return listed === undefined ? 'refused' : `read ${Math.min(2, listed.length)}`;
  },
};

const dvcOutputs: Target = {
  name: 'dvc-outputs',
  grammar: 'lines',
  seeds: () => [utf8('outs:\n- md5: 0123456789abcdef0123456789abcdef.dir\n  size: 12\n  nfiles: 3\n  hash: md5\n  path: data\n  remote: r\nwdir: ..\n')],
  run: (bytes) => {
    const read = readYaml(bytes);
    return read.kind === 'rejected' ? kindOfMessage(read.problems[0]!.message) : `read ${outputsOfDvcFile(read.value).length}`;
  },
};

const lfs: Target = {
  name: 'lfs-pointer',
  grammar: 'lines',
  seeds: () => [utf8(`version https://git-lfs.github.com/spec/v1\next-0-x sha256:${'b'.repeat(64)}\noid sha256:${'a'.repeat(64)}\nsize 12345\n`)],
  run: (bytes) => {
    const pointer = readLfsPointer(bytes);
    demand(pointer === undefined || (/^[0-9a-f]{64}$/.test(pointer.oid) && Number.isSafeInteger(pointer.sizeBytes) && pointer.sizeBytes >= 0), 'a pointer to nothing');
    return pointer === undefined ? 'refused' : 'read';
  },
};

const pipReport: Target = {
  name: 'pip-report',
  grammar: 'json',
  seeds: () => [
    json({
      version: '1',
      install: [
        { is_direct: false, metadata: { name: 'A.b', version: '1.0' }, download_info: { url: 'https://e.org/a.whl', archive_info: { hashes: { sha256: 'a'.repeat(64) } } } },
        { is_direct: true, metadata: { name: 'c', version: '2!1' }, download_info: { url: 'https://e.org/c.git', vcs_info: { vcs: 'git', commit_id: 'b'.repeat(40) } } },
      ],
    }),
  ],
  run: (bytes) => {
    const read = readPipReport(bytes);
    if (read.kind === 'rejected') return kindOfMessage(read.problems[0]!.message);
    const names = read.value.map(({ name }) => name);
    demand(new Set(names).size === names.length, 'a package stands there twice');
    for (const { name, version, url = '' } of read.value) demand(/^[a-z0-9][a-z0-9-]*$/.test(name) && !/[\s;#]/.test(version + url), 'a line of the lock would say something else');
    return `read ${Math.min(2, names.length)}`;
  },
};

export const EDGES: readonly Target[] = [
  pipReport,
  events,
  started,
  marks,
  description,
  heads,
  zstd,
  zipArchive,
  wheel,
  npy,
  lz4,
  image,
  audio,
  REQUIREMENT,
  METADATA_TEXT,
  RECORD,
  IMPORTS,
  INI,
  SLURM,
  HUB,
  elf,
  buildId,
  gitIndex,
  gitStatus,
  jobs,
  database,
  remote,
  dvcListing,
  dvcOutputs,
  lfs,
];
