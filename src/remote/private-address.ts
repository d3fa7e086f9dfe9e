import { BlockList, isIP, isIPv6 } from 'node:net';

/** Not reachable from everywhere: this machine, local networks, link-local (where clouds keep credentials), tests, multicast. Source: IANA IPv4 and IPv6 special-purpose address registries. */
const RANGES: readonly (readonly [address: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  // Everything that is not 2000::/3: loopback, unspecified, mapped IPv4, unique local, link-local, multicast; and parts of it.
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const listOf = (family: 'ipv4' | 'ipv6'): BlockList => {
  const list = new BlockList();
  for (const [address, prefix] of RANGES) if (isIPv6(address) === (family === 'ipv6')) list.addSubnet(address, prefix, family);
  return list;
};

// Two lists: in one, ranges of IPv6 would also be compared with IPv4 addresses in their mapped form.
const PRIVATE = { ipv4: listOf('ipv4'), ipv6: listOf('ipv6') };

/** Addresses by which networks without IPv4 reach it. Source: RFC 6052. */
const NAT64 = '64:ff9b::';

/** Whether an IP address is one that a server on the internet has no business to send us to. What is no address is private. */
export const isPrivateAddress = (address: string): boolean => {
  const bare = address.replace(/%.*$/, '');
  const family = isIP(bare);
  if (family === 0) return true;
  if (family === 6 && bare.toLowerCase().startsWith(NAT64)) return isPrivateAddress(embeddedAddress(bare.toLowerCase().slice(NAT64.length)));
  return family === 6 ? PRIVATE.ipv6.check(bare, 'ipv6') : PRIVATE.ipv4.check(bare, 'ipv4');
};

/** The IPv4 address in the last 32 bits. */
const embeddedAddress = (tail: string): string => {
  if (tail.includes('.')) return tail;
  const [high, low] = `0:${tail}`
    .split(':')
    .slice(-2)
    .map((group) => Number.parseInt(group === '' ? '0' : group, 16));
  return `${high! >> 8}.${high! & 255}.${low! >> 8}.${low! & 255}`;
};
