import type { Comparison, Difference } from '#diff';
import { type ChangeClass, fieldAt } from '#manifest';
import { type Change, changeOf } from './change-pattern.ts';

/** What a policy is asked about: every cause, and every consequence of one, field by field where fields are known. What is unknown counts as changed. */
export const changesOf = ({ causes, consequences }: Pick<Comparison, 'causes' | 'consequences'>): readonly Change[] =>
  [...causes, ...consequences.filter(isCause)].flatMap(changesIn);

const isCause = ({ class: word }: Difference): boolean => word !== 'result' && word !== 'context';

const changesIn = (difference: Difference): readonly Change[] => {
  const fields = difference.changes.filter(({ context }) => !context);
  const whole = changeOf({ path: difference.path, classes: [difference.class], isWhole: true, label: difference.label });
  if (difference.kind !== 'changed' || fields.length === 0) return [whole];
  return fields.map(({ path }) => changeOf({ path, classes: classesOf(path, difference.class), isWhole: fieldAt(path) === undefined, label: difference.label }));
};

/** That of the field and that of the thing: rules for either apply. */
const classesOf = (path: string, own: ChangeClass): readonly ChangeClass[] => [...new Set([own, fieldAt(path)?.class ?? own])];
