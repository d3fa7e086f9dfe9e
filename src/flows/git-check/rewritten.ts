import { shellWord } from '#base';
import type { ReportedFinding } from '#report';
import { readAnyStatement } from '#statements';
import { isNoFile } from '../git/git-files.ts';
import type { ChangedPart, ChangedUnit } from './changed-units.ts';
import { isForEver, type SignedKind } from './document-part.ts';
import { MAX_SIGNED } from '../signed-documents/document-files.ts';
import { payloadOfBundle } from '../signed-documents/signed-at.ts';
import type { Side } from './side-of.ts';

/** What became of documents that may never become others: nothing that was signed is rewritten, and nothing that says something goes. */
export const rewritten = async ({ kind, parts }: ChangedUnit, before: Side): Promise<readonly ReportedFinding[]> => {
  const links = parts.filter(({ after }) => isNoFile(after));
  const gone = parts.filter(({ before: was, after, part }) => was !== undefined && after === undefined && isForEver(part));
  const other = parts.filter(({ before: was, after, part }) => was !== undefined && after !== undefined && was.oid !== after.oid && isForEver(part));
  const whole = gone.find(({ part }) => SAYING.includes(part));
  const proofs = gone.filter(({ part }) => part === 'leaf');
  const removed = whole === undefined ? gone.filter(({ part }) => part !== 'leaf') : [whole];
  return [
    ...links.map(({ path }): ReportedFinding => ({
      id: 'document-not-a-file',
      severity: 'error',
      file: path,
      message: "it is a link or a folder, and what lies behind it is nobody's document",
    })),
    ...other.slice(0, 1).map(({ path }): ReportedFinding => ({
      id: `${kind}-rewritten`,
      severity: 'error',
      file: path,
      message: `${NOUNS[kind]} was rewritten: ${namesOf(other)}`,
      fix: `bring it back: git checkout BASE -- ${shellWord(path)}`,
    })),
    ...(await Promise.all(removed.slice(0, 1).map((part) => removal(kind, part, { before, all: whole === undefined ? gone : parts })))),
    ...(whole === undefined && proofs.length > 0
      ? [{ id: 'proof-removed', severity: 'warning', file: proofs[0]!.path, message: `what the log proves of ${NOUNS[kind]} was removed: ${namesOf(proofs)}` } as const]
      : []),
  ];
};

/** Parts without which the thing is not there any more. */
const SAYING: readonly string[] = ['statement', 'bundle', 'ssh-signature'];

const NOUNS = {
  record: 'the record',
  approval: 'the approval',
  exception: 'the exception',
  history: 'what was said of records',
  snapshot: 'the snapshot',
  policy: 'the policy',
  trust: 'the trust file',
  sidecar: 'the document',
} as const;

const namesOf = (parts: readonly ChangedPart[]): string =>
  parts
    .map(({ path }) => path.slice(path.lastIndexOf('/') + 1))
    .slice(0, 4)
    .join(', ') + (parts.length > 4 ? ' …' : '');

const removal = async (
  kind: ChangedUnit['kind'],
  { path }: ChangedPart,
  { before, all }: { readonly before: Side; readonly all: readonly ChangedPart[] },
): Promise<ReportedFinding> => {
  const isWithdrawal = TAKEN_BACK.includes(kind) && (await saysWithdrawal(all, before));
  return {
    id: isWithdrawal ? 'withdrawal-removed' : `${kind}-removed`,
    severity: 'error',
    file: path,
    message: isWithdrawal ? 'a withdrawal was removed: what it took back would count again' : `${NOUNS[kind]} was removed: ${namesOf(all)}`,
    fix: `bring it back: git checkout BASE -- ${shellWord(path)}`,
  };
};

/** What is taken back by a withdrawal beside it. */
const TAKEN_BACK: readonly (SignedKind | ChangedUnit['kind'])[] = ['approval', 'exception'];

/** Whether the document said that another one is taken back. Hostile bytes. */
const saysWithdrawal = async (parts: readonly ChangedPart[], before: Side): Promise<boolean> => {
  for (const { part, before: was } of parts) {
    const bytes = part === 'statement' || part === 'bundle' ? await before.bytes(was, MAX_SIGNED) : undefined;
    const payload = bytes === undefined || part === 'statement' ? bytes : payloadOfBundle(bytes);
    const statement = payload === undefined ? undefined : readAnyStatement(payload);
    if (statement?.kind === 'accepted' && statement.value.kind === 'withdrawal') return true;
  }
  return false;
};
