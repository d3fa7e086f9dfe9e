import type { Comparison, Difference } from '#diff';
import { CAUSE_CLASSES, type ChangeClass, fieldAt, isCauseClass, type Manifest, schemaPathOf } from '#manifest';
import { type Change, changeOf } from './change-pattern.ts';

type Compared = { readonly comparison: Pick<Comparison, 'causes' | 'consequences' | 'results'>; readonly manifests: readonly Pick<Manifest, 'capture'>[] };

/**
 * What a policy is asked about: every cause, and every consequence of one, field by field where fields are known. What is unknown counts
 * as changed: what a recorder could not see of the causes, and results that differ though no cause was seen.
 */
export const changesOf = ({ comparison, manifests }: Compared): readonly Change[] => {
  const { causes, consequences, results } = comparison;
  const seen = [...causes, ...consequences.filter((difference) => isCauseClass(difference.class))].flatMap(changesIn);
  const unexplained = seen.length === 0 && results.some(({ kind }) => kind !== 'unknown');
  return [...seen, ...unseen(manifests), ...(unexplained ? [anything('results differ, and no cause was seen')] : [])];
};

/** What a policy is asked about where nothing came before: every rule speaks of it. */
export const changesOfFirst = (): readonly Change[] => [anything('it follows nothing: everything is new')];

const changesIn = (difference: Difference): readonly Change[] => {
  const fields = difference.changes.filter(({ context }) => !context);
  const whole = changeOf({ path: difference.path, classes: [difference.class], isWhole: true, label: difference.label });
  if (difference.kind !== 'changed' || fields.length === 0) return [whole];
  return fields.map(({ path }) => changeOf({ path, classes: classesOf(path, difference.class), isWhole: fieldAt(path) === undefined, label: difference.label }));
};

/** That of the field and that of the thing: rules for either apply. */
const classesOf = (path: string, own: ChangeClass): readonly ChangeClass[] => [...new Set([own, fieldAt(path)?.class ?? own])];

/** Rules for any class apply. */
const anything = (label: string): Change => changeOf({ path: '', classes: CAUSE_CLASSES, isWhole: true, label });

/** Places that describe where something comes from; what ran is recorded elsewhere, each file and each package by itself. */
const DESCRIPTIVE = ['/dependencies/lock', '/code/repository', '/code/snapshot'];

/** Places in which anything may have gone unseen: what no recorder watched may have read and done everything. */
const HIDING = ['/processes', '/capture'];

/** Gaps that may hide a cause. One that may hide any is a change of everything. */
const unseen = (manifests: Compared['manifests']): readonly Change[] => {
  const gaps = new Map(manifests.flatMap(({ capture }) => capture.gaps.map(({ about, reason }) => [`${about}\n${reason}`, { about, reason }] as const)));
  return [...gaps.values()].flatMap(({ about, reason }) => {
    const label = `not seen: ${reason}`;
    if (HIDING.includes(about)) return [anything(label)];
    if (DESCRIPTIVE.some((path) => about === path || about.startsWith(`${path}/`))) return [];
    const field = fieldAt(schemaPathOf(about) ?? '');
    if (field === undefined) return [anything(label)];
    return isCauseClass(field.class) ? [changeOf({ path: field.path, classes: [field.class], isWhole: true, label })] : [];
  });
};
