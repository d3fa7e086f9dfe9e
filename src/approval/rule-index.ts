import type { ChangeClass } from '#manifest';
import type { Change, ChangePattern } from './change-pattern.ts';

/** What decides whether a rule speaks of a change. */
export type SpokenOf = Pick<Change, 'segments' | 'classes' | 'isWhole' | 'isPolicy'>;

/** Where one step of a path leads, and the numbers of the rules whose patterns end there. */
type PathNode = {
  readonly next: Map<string, PathNode>;
  /** Patterns that end here. */
  readonly at: number[];
  /** Patterns that end here with **. */
  readonly below: number[];
  /** Every pattern that goes on behind here. */
  readonly beyond: number[];
};

/** The patterns of all rules, sorted. Rules are named by their numbers. */
export type RuleIndex = {
  readonly everything: readonly number[];
  readonly policy: readonly number[];
  readonly classes: ReadonlyMap<ChangeClass, readonly number[]>;
  readonly root: PathNode;
  /** How many rules there are. */
  readonly count: number;
};

/** Sorts the patterns of all rules once, so that a change is not compared with each of them. */
export const ruleIndex = (rules: readonly { readonly changed: readonly { readonly pattern: ChangePattern }[] }[]): RuleIndex => {
  const everything: number[] = [];
  const policy: number[] = [];
  const classes = new Map<ChangeClass, number[]>();
  const root = newNode();
  for (const [at, { changed }] of rules.entries())
    for (const { pattern } of changed)
      switch (pattern.kind) {
        case 'everything':
          everything.push(at);
          break;
        case 'policy':
          policy.push(at);
          break;
        case 'class':
          classes.set(pattern.class, [...(classes.get(pattern.class) ?? []), at]);
          break;
        case 'path':
          enter(root, pattern.segments, at);
      }
  return { everything, policy, classes, root, count: rules.length };
};

/** Numbers of the rules that speak of a change, in their order. */
export const rulesFor = ({ everything, policy, classes, root, count }: RuleIndex, { segments, classes: own, isWhole, isPolicy = false }: SpokenOf): readonly number[] => {
  const found = isPolicy ? [everything, policy] : [everything, ...own.map((one) => classes.get(one) ?? [])];
  if (!isPolicy) collect(root, { segments, isWhole }, { from: 0, found });
  return inOrder(found, count);
};

const newNode = (): PathNode => ({ next: new Map(), at: [], below: [], beyond: [] });

const enter = (root: PathNode, segments: readonly string[], rule: number): void => {
  const isOpen = segments.at(-1) === '**';
  let node = root;
  for (const segment of isOpen ? segments.slice(0, -1) : segments) {
    node.beyond.push(rule);
    const next = node.next.get(segment) ?? newNode();
    node.next.set(segment, next);
    node = next;
  }
  (isOpen ? node.below : node.at).push(rule);
};

type Walk = { readonly from: number; /** Lists of numbers, to be put together. */ readonly found: (readonly number[])[] };

/** Patterns that name a path; of something that changed as a whole also those that name something below it. */
const collect = (node: PathNode, change: Pick<SpokenOf, 'segments' | 'isWhole'>, { from, found }: Walk): void => {
  if (node.below.length > 0) found.push(node.below);
  const segment = change.segments[from];
  if (segment === undefined) {
    found.push(node.at);
    if (change.isWhole) found.push(node.beyond);
    return;
  }
  const [named, any] = [node.next.get(segment), segment === '*' ? undefined : node.next.get('*')];
  if (named !== undefined) collect(named, change, { from: from + 1, found });
  if (any !== undefined) collect(any, change, { from: from + 1, found });
};

/** Each number once, the smallest first. */
const inOrder = (found: readonly (readonly number[])[], count: number): readonly number[] => {
  const isFound = new Uint8Array(count);
  for (const list of found) for (const rule of list) isFound[rule] = 1;
  const rules: number[] = [];
  for (let rule = 0; rule < count; rule += 1) if (isFound[rule] === 1) rules.push(rule);
  return rules;
};
