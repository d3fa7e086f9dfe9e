import { nearest, type Problem } from '#base';
import type { RunRecord } from './run-record.ts';

/** A value that a run has under a name in conditions, columns and sorting; undefined if it has none. */
export type FieldValue = string | number | boolean | undefined;

type Reader = (run: RunRecord) => FieldValue;

/** Names of single values, with what they are. */
const FIELDS: Readonly<Record<string, Reader>> = {
  id: (run) => run.id,
  name: (run) => run.name,
  state: (run) => run.state,
  kind: (run) => run.kind,
  started: (run) => run.startedAt,
  finished: (run) => run.finishedAt,
  /** Unit: s. */
  duration: (run) => (run.wallMs === undefined ? undefined : run.wallMs / 1000),
  /** The code, or the name of the signal. */
  exit: (run) => run.exit?.code ?? run.exit?.signal ?? run.exit?.kind,
  why: (run) => run.purpose,
  by: (run) => run.participant,
  command: (run) => (run.command.length === 0 ? undefined : run.command.join(' ')),
  commit: (run) => run.commit,
  dirty: (run) => run.dirty,
  verdict: (run) => run.verdict,
  unseeded: (run) => run.unseeded,
  outputs: (run) => run.outputCount,
  kept: (run) => run.kept,
  digest: (run) => run.manifestSha256,
  folder: (run) => run.folder.path,
  version: (run) => run.trainlock,
};

/** Names of groups of values: tag.team, metric.accuracy, param.lr. */
const GROUPS: Readonly<Record<string, (run: RunRecord) => Readonly<Record<string, string>>>> = {
  tag: (run) => run.tags,
  metric: (run) => run.metrics,
  param: (run) => run.parameters,
};

export const FIELD_NAMES: readonly string[] = [...Object.keys(FIELDS), ...Object.keys(GROUPS).map((group) => `${group}.NAME`)];

/** The reader of a field, or what is wrong with its name. */
export const fieldReader = (name: string): Reader | Problem => {
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (field !== undefined) return field;
  const dot = name.indexOf('.');
  const group = name.slice(0, Math.max(0, dot));
  const key = name.slice(dot + 1);
  const values = Object.hasOwn(GROUPS, group) ? GROUPS[group] : undefined;
  if (values !== undefined && key !== '') return (run) => (Object.hasOwn(values(run), key) ? values(run)[key] : undefined);
  const near = nearest(group === '' ? name : group, [...Object.keys(FIELDS), ...Object.keys(GROUPS)]);
  return { pointer: '', message: `a run has no field ${name}`, hint: near === undefined ? `fields are ${FIELD_NAMES.join(', ')}` : `did you mean ${near}?` };
};

/** A number if the value is one or is written as one: metrics and parameters are text. */
export const numberOf = (value: FieldValue): number | undefined => {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value)) return undefined;
  return Number(value);
};
