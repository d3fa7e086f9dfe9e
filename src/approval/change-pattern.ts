import { allFields, CAUSE_CLASSES, type ChangeClass, fieldAt, pathNow } from '#manifest';

/** What a rule speaks of. */
export type ChangePattern =
  | { readonly kind: 'everything' }
  | { readonly kind: 'class'; readonly class: ChangeClass }
  /** The policy itself. */
  | { readonly kind: 'policy' }
  /** Segments of a schema path: * is any one, ** at the end any number, also none. */
  | { readonly kind: 'path'; readonly segments: readonly string[] };

/** One place of the manifest that is not proven to be as before. */
export type Change = {
  /** Schema path; empty where anything may have changed. */
  readonly path: string;
  /** Its parts. */
  readonly segments: readonly string[];
  /** Class of the field, and of the thing that holds it. */
  readonly classes: readonly ChangeClass[];
  /** A thing that came, went or changed as a whole: anything below its path may have changed. */
  readonly isWhole: boolean;
  /** What it is called: numpy, lr, train.csv. */
  readonly label: string;
  /** The policy itself changed, and no place of the manifest. */
  readonly isPolicy?: boolean;
};

/** The word for a change of the policy itself. */
export const POLICY = 'policy';

/** A change of the policy itself; the policy before judges it. */
export const POLICY_CHANGE: Change = { path: '', segments: [], classes: [], isWhole: false, label: 'the policy', isPolicy: true };

/** A pattern as it stands in a policy; undefined for a word that is no class, and for a path that no manifest can have. A path of an older schema is taken as it is written now. */
export const readPattern = (text: string): ChangePattern | undefined => {
  if (text === '**') return { kind: 'everything' };
  if (text === POLICY) return { kind: 'policy' };
  if (!text.startsWith('/')) {
    const word = CAUSE_CLASSES.find((one) => one === text);
    return word === undefined ? undefined : { kind: 'class', class: word };
  }
  const segments = pathNow(text).slice(1).split('/');
  const fixed = segments.at(-1) === '**' ? segments.slice(0, -1) : segments;
  return paths().some((path) => beginsWith(path, fixed)) ? { kind: 'path', segments } : undefined;
};

let segmentsOfPaths: readonly (readonly string[])[] | undefined;

/** Every path of the schema in segments, made on first use and never changed. What a path lies in is a path too. */
const paths = (): readonly (readonly string[])[] => (segmentsOfPaths ??= allFields().map(({ path }) => path.slice(1).split('/')));

const beginsWith = (path: readonly string[], pattern: readonly string[]): boolean =>
  pattern.length <= path.length && pattern.every((segment, at) => segment === '*' || segment === path[at]);

export const changeOf = (change: Omit<Change, 'segments'>): Change => ({ ...change, segments: change.path === '' ? [] : change.path.slice(1).split('/') });

/** The change of a place of which only the path is known: everything at it or below it may have changed. Undefined for a path that no manifest has. */
export const changeAt = (path: string): Change | undefined => {
  const field = fieldAt(pathNow(path));
  return field === undefined ? undefined : changeOf({ path: field.path, classes: [field.class], isWhole: true, label: field.title });
};
