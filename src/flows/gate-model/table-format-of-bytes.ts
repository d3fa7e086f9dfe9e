import { type TableFormat, tableFormatOf } from '#content';

/** Formats of one table, whose columns have names or places. */
const SINGLE: readonly TableFormat[] = ['csv', 'tsv', 'jsonl', 'parquet', 'arrow', 'npy'];

/** What files of other formats begin with. Sources: Parquet, Arrow and NumPy format descriptions. */
const BEGINNINGS: readonly (readonly [string, TableFormat])[] = [
  ['PAR1', 'parquet'],
  ['ARROW1', 'arrow'],
  ['\x93NUMPY', 'npy'],
];

/** Bytes in which a text shows that it is one. */
const HEAD = 4096;

/** The format of a table by its name, else by its first bytes; undefined for what is compressed, a container, or no table. Total. */
export const tableFormatOfBytes = (name: string, bytes: Uint8Array): TableFormat | undefined => {
  const byName = tableFormatOf(name);
  if (byName !== undefined) return SINGLE.includes(byName) && !/\.(gz|zst)$/i.test(name) ? byName : undefined;
  const head = Buffer.from(bytes.subarray(0, HEAD)).toString('latin1');
  const byBytes = BEGINNINGS.find(([beginning]) => head.startsWith(beginning));
  if (byBytes !== undefined) return byBytes[1];
  if (head.includes('\0') || /^(\x1f\x8b|\x28\xb5\x2f\xfd|PK)/.test(head)) return undefined;
  return /^(\xef\xbb\xbf)?\s*\{/.test(head) ? 'jsonl' : 'csv';
};
