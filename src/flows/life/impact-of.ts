import { compareManifests, type Difference } from '#diff';
import type { JsonValue } from '#base';
import type { Manifest } from '#manifest';
import type { Store } from '#store';
import { exactRecord } from '../policy/exact-record.ts';

export type MetricChange = {
  readonly name: string;
  /** As the programs printed them; absent where one of the runs has none. */
  readonly before?: string;
  readonly after?: string;
  readonly delta?: string;
  readonly verdict: 'better' | 'worse' | 'same-within-tolerance' | 'unclear';
};

/** What differs between two runs, and what became of the metrics: side by side, and not one because of the other. */
export type Impact =
  | {
      readonly kind: 'compared';
      /** Possible causes, what usually matters first. */
      readonly changes: readonly { readonly label: string; readonly class: Difference['class'] }[];
      /** Metrics that differ. */
      readonly metrics: readonly MetricChange[];
      /** Names of metrics that are equal. */
      readonly equal: readonly string[];
    }
  /** One of the records is not at hand. */
  | { readonly kind: 'unknown'; readonly because: string };

const METRIC = '/evaluation/metrics/*';

/** Compares the records of two digests, as far as the store has them. Never throws. */
export const impactOf = async (store: Store, before: string, after: string): Promise<Impact> => {
  try {
    return compared([await manifestOf(store, before), await manifestOf(store, after)]);
  } catch (error) {
    return { kind: 'unknown', because: error instanceof Error ? error.message : String(error) };
  }
};

const manifestOf = async (store: Store, sha256: string): Promise<Manifest> => {
  const record = await exactRecord(await store.find(sha256));
  if (record.sha256 !== sha256) throw new Error(`the record ${sha256.slice(0, 12)} is not at hand`);
  return record.manifest;
};

const compared = (manifests: readonly [Manifest, Manifest]): Impact => {
  const { causes, results, equal } = compareManifests(manifests);
  return {
    kind: 'compared',
    changes: causes.filter(({ kind }) => kind !== 'unknown').map(({ label, class: word }) => ({ label, class: word })),
    metrics: results.filter(({ path }) => path === METRIC).map(metricOf),
    equal: [...new Set(equal.filter(({ path }) => path === METRIC).map(({ label }) => label))],
  };
};

const metricOf = ({ label, cells, details }: Difference): MetricChange => {
  const [before, after] = [cells[0], cells.at(-1)].map((cell) => (cell?.kind === 'value' ? valueIn(cell.value) : undefined));
  const detail = details.find((one) => one.kind === 'metric');
  return {
    name: label,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(detail?.delta === undefined ? {} : { delta: detail.delta }),
    verdict: detail?.verdict ?? 'unclear',
  };
};

const valueIn = (value: JsonValue): string | undefined => {
  const text = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, JsonValue>>)['value'] : value;
  return typeof text === 'string' ? text : undefined;
};
