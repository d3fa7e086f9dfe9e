import type { Crypto } from '#base';
import { readFileList, treeRootOf } from '#digest';
import type { Manifest } from '#manifest';
import { listsOf } from './named-objects.ts';
import type { Check, Evidence } from './verdict.ts';

/** File lists hang together: readable, with the tree root and the number of files that the record states. */
export const listChecks = (manifest: Manifest, evidence: Evidence, crypto: Crypto): readonly Check[] =>
  listsOf(manifest).flatMap(({ name, sha256, treeRoot, fileCount }): readonly Check[] => {
    const bytes = evidence.lists?.get(sha256);
    if (bytes === undefined) return [];
    const list = readFileList(bytes);
    const check = (outcome: Check['outcome'], because: string): Check => ({ name: 'objects', about: name, outcome, because });
    if (list.kind === 'rejected') return [check('broken', `it cannot be read: ${list.problems[0]?.message ?? ''}`)];
    if (list.value.length !== fileCount) return [check('broken', `it names ${list.value.length} files, the record says ${fileCount}`)];
    return treeRoot === undefined || treeRootOf(bytes, crypto).root === treeRoot
      ? [check('held', `names ${fileCount} files`)]
      : [check('broken', 'its tree root is not the one in the record')];
  });
