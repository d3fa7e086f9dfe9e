import { countOf } from '#base';
import { allFields, isCauseClass } from '#manifest';
import { type RuleIndex, rulesFor } from './rule-index.ts';

/** Fields of causes that no rule speaks of. */
export type UncoveredCauses = { /** How many, in words. */ readonly many: string; /** The shortest paths that hold nothing else, in words. */ readonly tops: string };

const MOST_TOLD = 8;

/** Undefined where rules speak of every cause. */
export const uncoveredCauses = (index: RuleIndex): UncoveredCauses | undefined => {
  const causes = allFields().filter((field) => isCauseClass(field.class));
  const open = new Set(
    causes.filter((field) => rulesFor(index, { segments: field.path.slice(1).split('/'), classes: [field.class], isWhole: false }).length === 0).map(({ path }) => path),
  );
  if (open.size === 0) return undefined;
  const tops = [...open].filter((path) => !open.has(path.slice(0, path.lastIndexOf('/'))));
  const more = tops.length > MOST_TOLD ? ` and ${tops.length - MOST_TOLD} more` : '';
  return { many: countOf(open.size, 'field'), tops: `${tops.slice(0, MOST_TOLD).join(', ')}${more}` };
};
