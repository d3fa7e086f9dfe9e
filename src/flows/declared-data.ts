/** What trainlock.yaml declares about data, together with what is asked for now: what is asked for wins. */
import { resolve } from 'node:path';
import type { Config } from '#config';
import type { FoundData } from './data/find-data.ts';
import type { Comparing } from './diff-data.ts';
import type { SnapshotRequest } from './take-snapshot.ts';

export type DeclaredSet = NonNullable<Config['data']>[string];

export type Declaring = { readonly projectRoot: string; readonly config: Config };

/** The data set that lies at a path; undefined if none is declared there. */
export const declaredAt = ({ projectRoot, config }: Declaring, path: string): DeclaredSet | undefined =>
  Object.values(config.data ?? {}).find((set) => resolve(projectRoot, set.path) === path);

/** The data set that one of two things is: the one that lies there, or the one of a run with its name. */
const declaredFor = (declaring: Declaring, found: readonly FoundData[]): DeclaredSet | undefined => {
  for (const { kind, place, snapshot } of found) {
    const set =
      (place === undefined ? undefined : declaredAt(declaring, place)) ?? (kind === 'run' && snapshot.name !== undefined ? declaring.config.data?.[snapshot.name] : undefined);
    if (set !== undefined) return set;
  }
  return undefined;
};

export type AskedProfile = {
  /** Whether to look inside; without it only data that is declared with a profile is looked into. */
  readonly profile?: boolean;
  readonly label?: string;
  /** What is told of single columns, by name. */
  readonly columns?: Readonly<Record<string, 'full' | 'counts' | 'off'>>;
};

/** How a snapshot looks inside; nothing if it does not. */
export const snapshotProfile = (declared: DeclaredSet | undefined, { profile, label, columns }: AskedProfile): Pick<SnapshotRequest, 'profile'> => {
  if (profile !== true && (declared?.profile === undefined || declared.profile === 'off')) return {};
  const named = label ?? declared?.label;
  return {
    profile: {
      ...(declared?.profile === undefined ? {} : { detail: declared.profile }),
      columns: { ...declared?.columns, ...columns },
      ...(named === undefined ? {} : { label: named }),
    },
  };
};

/** What a person asks of a comparison. */
export type AskedRows = Partial<Comparing['rows']> & { readonly label?: string };

type Asking = Declaring & { readonly asked: AskedRows };

/** How rows and columns of two data sets are compared. */
export const comparisonOf = (found: readonly FoundData[], { asked: { label, ...rows }, ...declaring }: Asking): Comparing => {
  const declared = declaredFor(declaring, found);
  const named = label ?? declared?.label;
  return {
    rows: { ...(declared?.key === undefined ? {} : { key: declared.key }), ...rows },
    profile: {
      ...(declared?.profile === undefined ? {} : { detail: declared.profile }),
      ...(declared?.columns === undefined ? {} : { columns: declared.columns }),
      ...(named === undefined ? {} : { label: named }),
    },
  };
};
