/** Writes what is known of a run into a model card, and touches nothing else in it. */
import { lstat } from 'node:fs/promises';
import { fromUtf8, TrainlockError, utf8 } from '#base';
import { runAnswers } from '#evidence';
import { readBoundedIfThere, writeAtomic } from '#files';
import { renderCardBody } from '#report';
import { collectEvidence, type EvidenceOptions } from './collect-evidence.ts';
import { cardMetadata } from './model-card/card-metadata.ts';
import { placeCard } from './model-card/place-card.ts';

export type CardOptions = EvidenceOptions & {
  /** Absolute path of the card; without one nothing is read and nothing is written. */
  readonly path?: string;
  readonly dryRun: boolean;
};

export type ReportedCard = {
  readonly text: string;
  /** shown: nothing was to be written. */
  readonly kind: 'written' | 'unchanged' | 'shown';
  /** Keys of the front matter that somebody else has written, and that stay. */
  readonly left: readonly string[];
  readonly run: { readonly id: string; readonly manifestSha256: string };
};

/** Largest card that is read. Unit: byte. */
const MAX_CARD = 4 * 1024 * 1024;

/** Throws TL1603 where the card cannot be changed without touching what is not ours, TL0002, TL0003, and as collectEvidence does. */
export const reportCard = async (options: CardOptions): Promise<ReportedCard> => {
  const { path, dryRun } = options;
  const existing = path === undefined ? undefined : await cardAt(path);
  const { facts } = await collectEvidence(options);
  const parts = { metadata: cardMetadata(facts.manifest), body: renderCardBody({ facts, answers: runAnswers(facts) }) };
  const card = placeCard(existing?.text ?? '', parts);
  if (card.kind === 'rejected') {
    const [first] = card.problems;
    throw notChanged(path ?? '', `${first?.line === undefined ? '' : `line ${first.line}: `}${first?.message ?? ''}`);
  }
  const { text, left } = card.value;
  const run = { id: facts.manifest.run.id, manifestSha256: facts.manifestSha256 };
  if (path === undefined || dryRun) return { text, kind: 'shown', left, run };
  if (existing?.text === text) return { text, kind: 'unchanged', left, run };
  await writeAtomic(path, utf8(text), existing?.mode ?? 0o644);
  return { text, kind: 'written', left, run };
};

const notChanged = (path: string, because: string): TrainlockError =>
  new TrainlockError('TL1603', `the model card was not changed: ${because}`, { where: path, fix: 'mend the card by hand, or write a new one: --out FILE' });

const cardAt = async (path: string): Promise<{ readonly text: string; readonly mode: number } | undefined> => {
  const facts = await lstat(path).catch(() => undefined);
  if (facts === undefined) return undefined;
  // To replace a link is not to write the file that it leads to.
  if (!facts.isFile()) throw notChanged(path, facts.isSymbolicLink() ? 'it is a link' : 'it is no file');
  const bytes = await readBoundedIfThere(path, MAX_CARD);
  // fromUtf8 keeps a byte-order mark only where it is told to: compare with the bytes themselves.
  const text = bytes === undefined ? '' : Buffer.from(bytes).toString('utf8');
  if (bytes !== undefined && (fromUtf8(bytes) === undefined || !Buffer.from(text, 'utf8').equals(bytes))) throw notChanged(path, 'it is not UTF-8');
  return { text, mode: facts.mode & 0o777 };
};
