/** What trainlock.yaml declares about data, together with what is asked for now: what is asked for wins. */
import { resolve } from 'node:path';
import type { Config } from '#config';
import type { DiffDataRequest } from './diff-data.ts';
import type { SnapshotRequest } from './take-snapshot.ts';

export type DeclaredSet = NonNullable<Config['data']>[string];

type Declaring = { readonly projectRoot: string; readonly config: Config };

/** The data set that lies at a path; undefined if none is declared there. */
export const declaredAt = ({ projectRoot, config }: Declaring, path: string): DeclaredSet | undefined =>
  Object.values(config.data ?? {}).find((set) => resolve(projectRoot, set.path) === path);

/** The data set that one of the references names, by its name or its path. */
export const declaredFor = ({ projectRoot, config }: Declaring, references: readonly string[], workingDirectory: string): DeclaredSet | undefined =>
  Object.entries(config.data ?? {}).find(([name, set]) =>
    references.some((reference) => reference === name || resolve(workingDirectory, reference) === resolve(projectRoot, set.path)),
  )?.[1];

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

export type AskedRows = Partial<DiffDataRequest['rows']> & {
  readonly label?: string;
};

/** How rows and columns are compared. */
export const comparisonOf = (declared: DeclaredSet | undefined, { label, ...rows }: AskedRows): Pick<DiffDataRequest, 'rows' | 'profile'> => {
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
