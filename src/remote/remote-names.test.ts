import { describe, expect, it } from 'vitest';
import { isObjectName } from './object-name.ts';
import { isPrivateAddress } from './private-address.ts';
import { parseRemoteAddress } from './remote-address.ts';
import { partSizeOf } from './s3-parts.ts';

describe('an address of a remote', () => {
  it.each([
    ['/data/store', { kind: 'folder', path: '/data/store' }],
    ['/data/../store/', { kind: 'folder', path: '/store' }],
    ['file:///data/with%20space', { kind: 'folder', path: '/data/with space' }],
    ['s3://bucket', { kind: 's3', bucket: 'bucket', prefix: '' }],
    ['s3://bucket/', { kind: 's3', bucket: 'bucket', prefix: '' }],
    ['s3://bucket/a/b/', { kind: 's3', bucket: 'bucket', prefix: 'a/b' }],
  ])('%s is understood', (address, place) => {
    expect(parseRemoteAddress(address)).toEqual(place);
  });

  it.each(['', 'store', './store', 'file://host/data', 's3://', 's3:///key', 's3://key:secret@bucket/a', 'http://host/a', 's3://b/a\u0000b', 'gs://bucket/a', 's3://a/../..\n'])(
    '%j is refused',
    (address) => {
      expect(() => parseRemoteAddress(address)).toThrow(expect.objectContaining({ code: 'TL0805' }) as Error);
    },
  );

  it('does not show credentials when it is refused', () => {
    expect(() => parseRemoteAddress('s3://AKIA123:verysecret9@bucket/a')).toThrow(/^(?!.*verysecret)/);
  });
});

describe('a name of an object', () => {
  it.each(['objects/sha256/ab/cdef', 'a', 'runs/2024-01-01.json'])('%s is one', (name) => {
    expect(isObjectName(name)).toBe(true);
  });

  it.each(['', '/a', 'a/', 'a//b', '../a', 'a/../b', 'a/.b', '.', 'a\\b', 'a b', 'a\u0000', `a${'b'.repeat(1024)}`, '-a', 'a/-b'])('%j is none', (name) => {
    expect(isObjectName(name)).toBe(false);
  });
});

describe('an address of a private network', () => {
  const V4 = '127.0.0.1 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 198.18.0.1';
  const V6 = '::1 :: fe80::1 fe80::1%eth0 fd00::1 fc00::1 ff02::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b::10.0.0.1 2001:db8::1 2002:7f00:1::';

  it.each(`${V4} ${V6} host`.split(' '))('%s is one', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  it.each(['8.8.8.8', '1.1.1.1', '172.15.0.1', '172.32.0.1', '100.63.0.1', '2606:4700::1111', '2a00:1450:4001::1', '64:ff9b::808:808'])('%s is none', (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });
});

describe('the size of parts', () => {
  it.each([1, 2 ** 25, 80 * 2 ** 30, 2 ** 40, 5 * 2 ** 40])('gives at most 10,000 parts for %i bytes', (sizeBytes) => {
    expect(Math.ceil(sizeBytes / partSizeOf(sizeBytes))).toBeLessThanOrEqual(10_000);
    expect(partSizeOf(sizeBytes)).toBeGreaterThanOrEqual(5 * 2 ** 20);
    expect(partSizeOf(sizeBytes)).toBeLessThanOrEqual(5 * 2 ** 30);
  });
});
