import { accepted, JSON_LIMITS, readJson, type Reading, rejected, valueAt } from '#base';
import { OUTCOME_KINDS, type OutcomeKind } from '#diff';

/** What a replay noted of its outcome beside its record. Nothing signs it: the records themselves must bear it out. */
export type NotedOutcome = {
  readonly of: { readonly run: string; readonly manifestSha256: string };
  readonly replay: { readonly id: string; readonly manifestSha256: string };
  readonly kind: OutcomeKind;
  readonly because: readonly string[];
};

const SCHEMA = 'https://trainlock.dev/schema/replay-outcome/v0';
const MOST_REASONS = 20;

/** Reads the note from untrusted bytes; what else it holds is left alone. Never throws. */
export const readReplayOutcome = (bytes: Uint8Array): Reading<NotedOutcome> => {
  const json = readJson(bytes, JSON_LIMITS);
  if (json.kind === 'rejected') return json;
  const text = (pointer: string, form: RegExp): string => {
    const value = valueAt(json.value, pointer);
    return typeof value === 'string' && form.test(value) ? value : '';
  };
  const kind = OUTCOME_KINDS.find((one) => one === valueAt(json.value, '/outcome/kind'));
  const of = { run: text('/of/run', ID), manifestSha256: text('/of/manifestSha256', SHA256) };
  const replay = { id: text('/replay/id', ID), manifestSha256: text('/replay/manifestSha256', SHA256) };
  const broken = [
    valueAt(json.value, '/schema') === SCHEMA ? '' : '/schema',
    kind === undefined ? '/outcome/kind' : '',
    ...Object.entries(of).map(([key, value]) => (value === '' ? `/of/${key}` : '')),
    ...Object.entries(replay).map(([key, value]) => (value === '' ? `/replay/${key}` : '')),
  ].filter((pointer) => pointer !== '');
  if (kind === undefined || broken.length > 0) return rejected(...broken.map((pointer) => ({ pointer, message: 'is not what a replay notes there' })));
  return accepted({ of, replay, kind, because: reasonsIn(valueAt(json.value, '/outcome/because')) });
};

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const SHA256 = /^[0-9a-f]{64}$/;

const reasonsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? (value as readonly unknown[]).slice(0, MOST_REASONS).flatMap((one) => (typeof one === 'string' ? [one.slice(0, 500)] : [])) : [];
