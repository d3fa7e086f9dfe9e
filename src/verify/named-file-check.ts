import { compareBytes, type Crypto } from '#base';
import type { Manifest } from '#manifest';
import { readRecord, type ReadRecord, canonicalOf } from './read-record.ts';
import type { Check, NamedFile } from './verdict.ts';

/**
 * Is the file that a person named the record itself, or something that the record names by this digest? A record that was found through
 * a file says nothing about other bytes under its name.
 */
export const namedFileCheck = (
  named: NamedFile | undefined,
  { record, manifest, crypto }: { readonly record: ReadRecord; readonly manifest: Manifest; readonly crypto: Crypto },
): readonly Check[] => {
  if (named === undefined) return [];
  const check = (outcome: Check['outcome'], because: string): Check => ({ name: 'subjects', about: named.name, outcome, because });
  if (named.document !== undefined) {
    const other = readRecord(named.document, crypto);
    if (other.predicate !== undefined) {
      const isSame = isEqual(canonicalOf(other.predicate), record.predicate === undefined ? undefined : canonicalOf(record.predicate));
      const isSameStatement = other.form === 'manifest' || other.sha256 === record.sha256;
      return [
        isSame && isSameStatement
          ? check('held', 'the file that you named says what the record says')
          : check('broken', 'the file that you named says something else than the record'),
      ];
    }
  }
  if (named.sha256 === undefined) return [check('unknown', 'the file that you named cannot be read')];
  if (manifest.outputs.some(({ sha256 }) => sha256 === named.sha256)) return [check('held', 'the file that you named is an output of this run')];
  return [check('unknown', 'the file that you named is neither the record nor an output of its run: the record says nothing about it')];
};

const isEqual = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean => a !== undefined && b !== undefined && compareBytes(a, b) === 0;
