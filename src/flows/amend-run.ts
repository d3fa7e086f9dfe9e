/** A person corrects what people had said in the record of a run: a further statement; the record stays as it is. */
import { escapeControl, readJson, TrainlockError, utf8 } from '#base';
import { chainOf, correctionProblem, type FieldValue, type HistoryDocument, isListField, isSameValue, valueBefore, valueProblem } from '#history';
import { openStore, shortId } from '#store';
import { asPointer } from './life/as-pointer.ts';
import { historyHere } from './life/filed-history.ts';
import { checkWord, openSpeaker, say, type Said, type SayOptions } from './life/say.ts';
import { undecidedHistory } from './life/undecided.ts';
import { exactRecord } from './policy/exact-record.ts';

export type { SigningPlace } from './signed-documents/file-document.ts';

export type AmendOptions = SayOptions & {
  readonly reference: string;
  /** JSON pointer, or dotted names. */
  readonly pointer: string;
  /** Text; for a list a JSON list of texts. Absent: the field is taken away. */
  readonly value?: string;
  readonly reason: string;
};

/** What would be corrected, before anybody signs. */
export type PlannedAmendment = {
  readonly run: { readonly id: string; readonly name?: string; readonly manifestSha256: string };
  readonly pointer: string;
  readonly before?: FieldValue;
  readonly after?: FieldValue;
  readonly person: string;
  readonly known: 'listed' | 'self';
  readonly sign: () => Promise<Said>;
};

/**
 * Looks at the record, its revisions and whoever would correct it. Throws TL1502 for a fact, TL1503 where the revisions are not decided,
 * TL1501 where it would not count, TL0301 to TL0304 for the run, TL1101 to TL1106 for the key, TL0001 for a value that does not fit.
 */
export const planAmendment = async (options: AmendOptions): Promise<PlannedAmendment> => {
  const { projectRoot, storeFolder, workingDirectory, reference, reason } = options;
  const store = await openStore({ projectRoot, storeFolder });
  const record = await store.find(reference, workingDirectory);
  const { manifest, sha256: manifestSha256 } = await exactRecord(record);
  const pointer = asPointer(options.pointer);
  const problem = correctionProblem(manifest, pointer);
  if (problem !== undefined) throw new TrainlockError('TL1502', problem, { where: `run ${shortId(record.id)}`, fix: 'trainlock help amend   # lists what can be corrected' });
  const here = await historyHere(options);
  const chain = chainOf({ manifest, manifestSha256, amendments: here.counted.amendments, reversions: here.counted.reversions, notCounted: here.notCounted });
  if (chain.kind === 'undecided' || chain.head === undefined) throw undecidedHistory(`how the record of run ${shortId(record.id)} reads is`, chain.findings);
  const before = valueBefore(chain.view, pointer);
  const after = valueOf(pointer, options.value);
  if (isSameValue(before, after))
    throw new TrainlockError('TL0001', after === undefined ? `there is nothing at ${escapeControl(pointer)}` : `${escapeControl(pointer)} reads so already`, {
      fix: `trainlock history ${shortId(record.id)}`,
    });
  const unfit = valueProblem(manifest, pointer, after);
  if (unfit !== undefined) throw new TrainlockError('TL0001', `the value does not fit: ${escapeControl(unfit)}`, { fix: 'trainlock help amend' });
  const speaker = await openSpeaker(options);
  const documentAt = (amendedAt: string): HistoryDocument => ({
    kind: 'amendment',
    amendment: {
      record: { runId: manifest.run.id, manifestSha256 },
      supersedes: chain.head!,
      pointer,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
      person: speaker.person,
      reason,
      amendedAt,
    },
  });
  const { known } = checkWord(documentAt(new Date().toISOString()), speaker);
  return {
    run: { id: manifest.run.id, manifestSha256, ...(record.name === undefined ? {} : { name: record.name }) },
    pointer,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    person: speaker.person,
    known,
    sign: () => say(documentAt(new Date().toISOString()), speaker, options),
  };
};

/** Deeper lists, and more of them, fit no field. */
const LIMITS = { maxBytes: 1024 * 1024, maxDepth: 3, maxKeys: 16 };

const valueOf = (pointer: string, text: string | undefined): FieldValue | undefined => {
  if (text === undefined || !isListField(pointer)) return text;
  const json = readJson(utf8(text), LIMITS);
  if (json.kind === 'accepted' && Array.isArray(json.value) && json.value.every((one) => typeof one === 'string')) return json.value as readonly string[];
  throw new TrainlockError('TL0001', `${escapeControl(pointer)} is a list of texts`, { fix: `write it as one: '["not for children", "not for adults"]'` });
};
