import type { Gap, PatchFacts } from '#assembly';
import { isSecretFile, type Redactor, scanBytes } from '#base';
import { failureOf, type Git, outputOf } from './git-command.ts';

type PatchQuestion = { readonly root: string; readonly changed: readonly Buffer[]; readonly maxBytes: number; readonly redactor: Redactor; readonly gaps: Gap[] };

/** Options that settings of the user would change, so that the same tree always gives the same bytes and git apply can read them. */
const DIFF = [
  'diff',
  '--binary',
  '--full-index',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--no-renames',
  '--no-relative',
  '--no-indent-heuristic',
  '--diff-algorithm=myers',
  '--unified=3',
  '--inter-hunk-context=0',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--submodule=short',
  '--ignore-submodules=dirty',
  '-O/dev/null',
];

/** Staged and unstaged changes of tracked files. Key files are left out of it; a patch with a secret in it, or one that is too large, is withheld. */
export const takePatch = async (git: Git, question: PatchQuestion): Promise<PatchFacts | undefined> => {
  const { gaps } = question;
  const secret = question.changed.filter((path) => isSecretFile(path.toString('utf8')));
  if (secret.length > 0)
    gaps.push({
      about: '/code/repository/patch',
      reason: `changes of key files are not in the patch: ${secret
        .slice(0, 5)
        .map((path) => path.toString('utf8'))
        .join(', ')}`,
    });
  if (secret.length > 1000 || secret.some((path) => !isText(path))) return { kind: 'withheld', sizeBytes: 0, reason: 'key files with unreadable names have changed' };
  const left = secret.map((path) => `:(exclude,literal,top)${path.toString('utf8')}`);
  const result = await git([...DIFF, 'HEAD', '--', ':(top)', ...left], { directory: question.root, maxBytes: question.maxBytes });
  const bytes = outputOf(result);
  if (bytes === undefined) {
    if (result.kind === 'failed' && result.reason === 'too-large') return { kind: 'withheld', sizeBytes: question.maxBytes, reason: `larger than ${question.maxBytes} bytes` };
    gaps.push({ about: '/code/repository/patch', reason: `git diff gave no answer: ${failureOf(result)}` });
    return undefined;
  }
  if (bytes.length === 0) return undefined;
  const found = scanBytes(bytes, question.redactor);
  if (found.count === 0) return { kind: 'kept', base64: bytes.toString('base64'), sizeBytes: bytes.length };
  gaps.push({
    about: '/code/repository/patch',
    reason: `the patch is withheld: a secret was found in it (${found.kinds.join(', ')})`,
    remedy: 'move the secret into an environment variable',
  });
  return { kind: 'withheld', sizeBytes: bytes.length, reason: `a secret was found (${found.kinds.join(', ')})` };
};

const isText = (bytes: Buffer): boolean => Buffer.from(bytes.toString('utf8'), 'utf8').equals(bytes);
