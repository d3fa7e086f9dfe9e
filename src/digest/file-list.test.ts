import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type Crypto, fromUtf8, utf8 } from '#base';
import { type FileEntryInput, fileListOf } from './file-list.ts';
import { bytesOfName, nameBelow, nameInside, nameOfBytes } from './file-name.ts';
import { portabilityFindings } from './name-portability.ts';
import { readFileList } from './read-file-list.ts';
import { treeRootOf } from './tree-root.ts';

const crypto: Crypto = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  hmacSha256: (key, bytes) => createHmac('sha256', key).update(bytes).digest(),
};

const A = 'a'.repeat(64);
const entry = (path: string, more: Partial<FileEntryInput> = {}): FileEntryInput => ({ path, sha256: A, size: 1, ...more });

const namePart = fc.uint8Array({ minLength: 1, maxLength: 6 }).map((bytes) => bytes.map((byte) => (byte === 0 || byte === 0x2f ? 0x61 : byte)));
const name = fc
  .array(namePart, { minLength: 1, maxLength: 3 })
  .filter((parts) => parts.every((part) => !['.', '..'].includes(Buffer.from(part).toString('latin1'))))
  .map((parts) => nameOfBytes(Buffer.concat(parts.flatMap((part, i) => (i === 0 ? [part] : [Buffer.from('/'), part])))));
const digest = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const anyEntry = fc
  .record(
    { name, sha256: digest, size: fc.maxSafeNat(), mode: fc.constant('x' as const), link: fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !text.includes('\0')) },
    { requiredKeys: ['name', 'sha256', 'size'] },
  )
  .map(({ name: n, ...rest }) => ({ ...n, ...rest }));
const anyList = fc.uniqueArray(anyEntry, { selector: (e) => Buffer.from(bytesOfName(e)).toString('hex'), maxLength: 30 });

describe('a file list', () => {
  it('is one canonical line per file, sorted by the bytes of the path', () => {
    const list = fileListOf([entry('b'), entry('a-b', { mode: '755' }), entry('a/b', { mode: '0644' }), entry('\u{1f600}', { link: '../x' }), entry('\uff5e')]);
    expect(fromUtf8(list)).toBe(
      [
        `{"mode":"x","path":"a-b","sha256":"${A}","size":1}`,
        `{"path":"a/b","sha256":"${A}","size":1}`,
        `{"path":"b","sha256":"${A}","size":1}`,
        `{"path":"\uff5e","sha256":"${A}","size":1}`,
        `{"link":"../x","path":"\u{1f600}","sha256":"${A}","size":1}`,
        '',
      ].join('\n'),
    );
  });

  it('of no files is empty, and its root is the hash of nothing', () => {
    expect(fileListOf([]).length).toBe(0);
    expect(treeRootOf(new Uint8Array(), crypto)).toEqual({ root: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', size: 0 });
    expect(readFileList(new Uint8Array())).toEqual({ kind: 'accepted', value: [] });
  });

  it('comes back as it was written, whatever the names', () => {
    fc.assert(
      fc.property(anyList, fc.infiniteStream(fc.nat()), (entries, random) => {
        const shuffled = entries
          .map((e) => ({ e, key: random.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ e }) => e);
        const list = fileListOf(entries);
        expect(fileListOf(shuffled)).toEqual(list);
        const reading = readFileList(list);
        if (reading.kind === 'rejected') throw new Error(JSON.stringify(reading.problems));
        expect(fileListOf(reading.value)).toEqual(list);
        for (const line of (fromUtf8(list) ?? '').split('\n').slice(0, -1)) expect(fromUtf8(canonicalJson(JSON.parse(line)))).toBe(line);
      }),
      { numRuns: 200 },
    );
  });

  it('has another root after any rename, removal or change', () => {
    fc.assert(
      fc.property(
        anyList.filter((entries) => entries.length > 1),
        fc.nat(),
        digest,
        (entries, at, other) => {
          const root = treeRootOf(fileListOf(entries), crypto).root;
          const index = at % entries.length;
          expect(treeRootOf(fileListOf(entries.filter((_, i) => i !== index)), crypto).root).not.toBe(root);
          expect(treeRootOf(fileListOf(entries.map((e, i) => (i === index ? { ...e, sha256: other } : e))), crypto).root === root).toBe(entries[index]!.sha256 === other);
          const renamed = entries.map((e, i) => (i === index ? { ...nameInside({ path: 'moved' }, e), sha256: e.sha256, size: e.size } : e));
          expect(treeRootOf(fileListOf(renamed), crypto).root).not.toBe(root);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('writes an entry that comes twice once, and refuses a contradiction', () => {
    expect(fileListOf([entry('a'), entry('a')])).toEqual(fileListOf([entry('a')]));
    expect(() => fileListOf([entry('a'), entry('a', { size: 2 })])).toThrow('a: two entries');
  });

  it.each([
    ['', 'empty'],
    ['/etc/passwd', 'absolute'],
    ['a//b', 'empty part'],
    ['a/', 'empty part'],
    ['../a', 'part . or ..'],
    ['a/./b', 'part . or ..'],
    ['a\0b', 'zero byte'],
    ['x'.repeat(5000), 'longer'],
    ['\ud800', 'well-formed'],
  ])('refuses the path %j', (path, message) => {
    expect(() => fileListOf([entry(path)])).toThrow(message);
  });
});

describe('reading a file list', () => {
  const good = `{"path":"a","sha256":"${A}","size":1}`;
  it.each([
    ['no line feed at the end', good, 'line feed'],
    ['white space', `{ "path":"a","sha256":"${A}","size":1}\n`, 'canonical'],
    ['a key twice', `{"path":"b","path":"a","sha256":"${A}","size":1}\n`, 'canonical'],
    ['an unknown key', `{"path":"a","sha256":"${A}","size":1,"x":1}\n`, 'canonical'],
    ['__proto__', `{"__proto__":{"link":"x"},"path":"a","sha256":"${A}","size":1}\n`, 'canonical'],
    ['another number form', `{"path":"a","sha256":"${A}","size":1.0}\n`, 'canonical'],
    ['an escaped letter', `{"path":"\\u0061","sha256":"${A}","size":1}\n`, 'canonical'],
    ['a size of -1', `{"path":"a","sha256":"${A}","size":-1}\n`, 'size'],
    ['an unsafe size', `{"path":"a","sha256":"${A}","size":9007199254740992}\n`, 'size'],
    ['upper-case digits', `{"path":"a","sha256":"${A.toUpperCase()}","size":1}\n`, 'sha256'],
    ['a short digest', `{"path":"a","sha256":"aa","size":1}\n`, 'sha256'],
    ['another mode', `{"mode":"644","path":"a","sha256":"${A}","size":1}\n`, 'mode'],
    ['a way out', `{"path":"../a","sha256":"${A}","size":1}\n`, '..'],
    ['raw of plain text', `{"path":"a","raw":"YQ==","sha256":"${A}","size":1}\n`, 'form'],
    ['raw with another display', `{"path":"b","raw":"/w==","sha256":"${A}","size":1}\n`, 'form'],
    ['raw that is not base64', `{"path":"\ufffd","raw":"/w=","sha256":"${A}","size":1}\n`, 'base64'],
    ['wrong order', `{"path":"b","sha256":"${A}","size":1}\n${good}\n`, 'sorted'],
    ['a path twice', `${good}\n${good}\n`, 'twice'],
    ['an empty line', `${good}\n\n`, 'JSON object'],
    ['a list', '[]\n', 'JSON object'],
    ['null', 'null\n', 'JSON object'],
  ])('refuses %s', (_, text, message) => {
    const reading = readFileList(utf8(text));
    expect(reading.kind).toBe('rejected');
    if (reading.kind === 'rejected') expect(reading.problems[0]!.message).toContain(message);
  });

  it('refuses bytes that are not UTF-8 and never throws on any bytes', () => {
    expect(readFileList(Uint8Array.of(0xff, 0x0a)).kind).toBe('rejected');
    fc.assert(fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => readFileList(bytes).kind === 'rejected'));
  });
});

describe('a file name', () => {
  it('keeps its bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => Buffer.from(bytesOfName(nameOfBytes(bytes))).equals(Buffer.from(bytes))));
  });

  it('shows what is not text and keeps a byte-order mark', () => {
    expect(nameOfBytes(Buffer.from('caf\xe9', 'latin1'))).toEqual({ path: 'caf\ufffd', raw: 'Y2Fm6Q==' });
    expect(nameOfBytes(utf8('\ufeffa'))).toEqual({ path: '\ufeffa' });
    expect(nameOfBytes(utf8('\uffff')).raw).toBeDefined();
    expect(nameOfBytes(utf8('\u{1fffe}')).raw).toBeDefined();
  });

  it('is taken apart and put together at a folder', () => {
    const folder = nameOfBytes(Buffer.from('/data/\xff', 'latin1'));
    const inside = nameOfBytes(utf8('b.csv'));
    expect(nameBelow(nameInside(folder, inside), folder)).toEqual(inside);
    expect(nameBelow({ path: '/database/x' }, { path: '/data' })).toBeUndefined();
    expect(nameBelow({ path: '/data' }, { path: '/data' })).toBeUndefined();
  });
});

describe('portability', () => {
  it.each([
    ['a.', 'trailing-dot-or-space'],
    ['dir /a', 'trailing-dot-or-space'],
    ['nul.txt', 'reserved'],
    ['a\tb', 'control-character'],
    ['a\\b', 'windows-character'],
    ['e\u0301', 'not-normalised'],
    ['ü'.repeat(130), 'too-long'],
  ])('finds that %j is %s', (path, kind) => {
    expect(portabilityFindings([{ path }]).map((finding) => finding.kind)).toContain(kind);
  });

  it('finds names that differ only in case, and nothing in plain names', () => {
    expect(portabilityFindings([{ path: 'A' }, { path: 'a' }])).toEqual([{ kind: 'case-collision', path: 'a', other: 'A' }]);
    expect(portabilityFindings([{ path: 'data/train.csv' }, { path: 'ümlaut' }])).toEqual([]);
  });
});
