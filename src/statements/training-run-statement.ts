import { type Crypto, type Problem, readJson } from '#base';
import { type Manifest, predicateTypeOf, readStatement } from '#manifest';
import { builtStatement, type BuiltStatement, type Subject } from './built-statement.ts';
import { isCanonical } from './is-canonical.ts';

/** The statement of a run with what it says: every other statement about the run is derived from this. */
export type TrainingRun = BuiltStatement<'training-run'> & { readonly subjects: readonly Subject[]; readonly manifest: Manifest };

/** `refusal` is a word for programs, `because` a sentence for people. */
export type TrainingRunReading =
  | { readonly kind: 'accepted'; readonly value: TrainingRun }
  | { readonly kind: 'refused'; readonly refusal: TrainingRunRefusal; readonly because: string; readonly problems: readonly Problem[] };

export type TrainingRunRefusal = 'not-a-training-run' | 'newer' | 'not-understood' | 'not-canonical';

/**
 * Takes untrusted bytes as the statement of a run, so that it may be signed: they must be a statement that fits the schema, be
 * understood to the last field, and be in canonical form. Never throws.
 */
export const trainingRunStatement = (bytes: Uint8Array, crypto: Crypto): TrainingRunReading => {
  const reading = readStatement(bytes);
  switch (reading.kind) {
    case 'rejected':
      return refuse('not-a-training-run', `the bytes are not the statement of a run: ${reading.problems[0]?.message ?? 'not valid'}`, reading.problems);
    case 'newer':
      return refuse('newer', `the statement has schema version ${reading.schemaVersion}, which this trainlock must not judge`, reading.problems);
    case 'accepted': {
      const { subjects, manifest, unknown, major } = reading.value;
      if (unknown.length > 0) return refuse('not-understood', `this trainlock does not know ${unknown[0]}, and does not sign what it does not understand`);
      const json = readJson(bytes);
      if (json.kind === 'rejected' || !isCanonical(bytes, json.value)) return refuse('not-canonical', 'the statement is not in canonical form: something else wrote or rewrote it');
      return { kind: 'accepted', value: builtStatement('training-run', bytes, crypto, { subjects, manifest, predicateType: predicateTypeOf(major) }) };
    }
  }
};

const refuse = (refusal: TrainingRunRefusal, because: string, problems: readonly Problem[] = []): TrainingRunReading => ({ kind: 'refused', refusal, because, problems });
