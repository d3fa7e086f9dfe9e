import type { JsonValue } from '#base';
import type { ChangeClass, Risk } from '#manifest';

/** What one manifest says at a place. */
export type Cell =
  | { readonly kind: 'value'; readonly value: JsonValue }
  /** The list was recorded and has no such item. */
  | { readonly kind: 'absent' }
  /** Not recorded, masked or not comparable: nothing follows from it, least of all that it is equal. */
  | { readonly kind: 'unknown'; readonly because: string; /** What is recorded of it, where that is something. */ readonly of?: JsonValue };

/** One field inside an item that differs. */
export type FieldChange = {
  /** Schema path. */
  readonly path: string;
  readonly title: string;
  readonly unit?: string;
  readonly cells: readonly Cell[];
  /** Ids, times, counts of the recorder: no cause of anything. */
  readonly context: boolean;
};

/** What a difference means beyond its cells. */
export type Detail =
  | { readonly kind: 'version'; readonly from: string; readonly to: string; readonly direction: 'upgrade' | 'downgrade' | 'rebuilt' | 'unordered' }
  | { readonly kind: 'moved'; readonly from: string; readonly to: string }
  | { readonly kind: 'sequence'; readonly removed: readonly string[]; readonly added: readonly string[]; readonly reordered: boolean }
  | {
      readonly kind: 'metric';
      readonly points: number;
      readonly differing: number;
      readonly delta?: string;
      readonly ulp?: string;
      readonly verdict: 'better' | 'worse' | 'same-within-tolerance' | 'unclear';
    }
  /** A unified diff of the bytes. */
  | { readonly kind: 'patch'; readonly text: string; readonly added: number; readonly removed: number }
  | { readonly kind: 'note'; readonly text: string };

/** One thing that is not proven equal: a package, a file, a parameter, a field. */
export type Difference = {
  /** Schema path of the thing. */
  readonly path: string;
  /** What it is called: numpy, lr, ${project}/train.py. */
  readonly label: string;
  /** What kind of thing it is, from the field dictionary. */
  readonly title: string;
  readonly class: ChangeClass;
  /** Default risk of the field weighed with the relevance of the thing for these runs. */
  readonly risk: Risk;
  /** Rank inside its class; larger is more likely to matter. No unit. */
  readonly score: number;
  readonly swap: boolean;
  /** changed: recorded and not equal; only-in: in some manifests only; unknown: where it is recorded it is equal, elsewhere nobody knows. */
  readonly kind: 'changed' | 'only-in' | 'unknown';
  /** One per manifest; of an item the whole item. */
  readonly cells: readonly Cell[];
  /** For items: the fields that differ. */
  readonly changes: readonly FieldChange[];
  readonly details: readonly Detail[];
  /** Set if it follows from another difference, in words. */
  readonly follows?: string;
};

/** One thing that is equal in all manifests. */
export type EqualThing = { readonly path: string; readonly label: string; readonly class: ChangeClass };

/** A manifest in the heading of a comparison. */
export type ComparedRun = { readonly id: string; readonly name?: string; readonly startedAt: string; readonly purpose?: string };

export type Comparison = {
  readonly runs: readonly ComparedRun[];
  /** same: everything that decides a result is recorded and equal; different: at least one cause differs; undecided: nothing differs, but not everything is known. */
  readonly verdict: 'same' | 'different' | 'undecided';
  /** Possible causes, by class and then by rank. */
  readonly causes: readonly Difference[];
  /** What came out: metrics, outputs, warnings, exit. */
  readonly results: readonly Difference[];
  /** What follows from causes already listed. */
  readonly consequences: readonly Difference[];
  /** Ids, times, people, bookkeeping. */
  readonly context: readonly Difference[];
  readonly equal: readonly EqualThing[];
};
