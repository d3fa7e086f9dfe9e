import type { JsonValue } from '#base';
import { diffArrays } from 'diff';
import type { Cell, Detail } from './comparison.ts';
import { isObject } from './json-equal.ts';

/** Above this, tokens are compared as a set: an edit script of long lists costs quadratic time. */
const MAX_TOKENS = 2000;

/** What was taken out of a list and what came in, between two manifests; nothing for other values and for more manifests. */
export const sequenceDetail = (cells: readonly Cell[]): readonly Detail[] => {
  const [first, last] = cells.length === 2 ? cells : [];
  if (first?.kind !== 'value' || last?.kind !== 'value' || !Array.isArray(first.value) || !Array.isArray(last.value)) return [];
  const [before, after] = [first.value.map(tokenOf), last.value.map(tokenOf)];
  const script = before.length + after.length > MAX_TOKENS ? asSets(before, after) : asScript(before, after);
  return [{ kind: 'sequence', ...script, reordered: script.removed.length > 0 && sameTokens(script.removed, script.added) }];
};

/** One item of a list as a token: text as it is, objects by the values of their members. */
const tokenOf = (item: JsonValue): string => {
  if (typeof item === 'string') return item;
  return isObject(item) && Object.values(item).every((value) => typeof value !== 'object') ? Object.values(item).map(String).join(' ') : JSON.stringify(item);
};

type Script = { readonly removed: readonly string[]; readonly added: readonly string[] };

const asScript = (before: readonly string[], after: readonly string[]): Script => {
  const steps = diffArrays([...before], [...after]);
  return { removed: steps.flatMap((step) => (step.removed ? step.value : [])), added: steps.flatMap((step) => (step.added ? step.value : [])) };
};

const asSets = (before: readonly string[], after: readonly string[]): Script => {
  const [had, has] = [new Set(before), new Set(after)];
  return { removed: before.filter((token) => !has.has(token)), added: after.filter((token) => !had.has(token)) };
};

const sameTokens = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && JSON.stringify(a.toSorted()) === JSON.stringify(b.toSorted());
