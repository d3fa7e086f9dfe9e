import { changesOf, type ReviewFacts, type ReviewRules } from '#approval';
import { escapeControl } from '#base';
import { compareManifests } from '#diff';
import type { EnvironmentState, SignedPromotion } from '#history';
import type { ComparedRecord } from '../policy/decide-change.ts';
import type { RunLife } from '../life/run-life.ts';

type Seen = Pick<ReviewFacts, 'events' | 'unknown'>;
type Event = ReviewFacts['events'][number];

const DATA = ['data', 'split'];
const SOFTWARE = ['package', 'native', 'threads', 'hardware', 'config'];

export type EventsQuestion = {
  readonly rules: ReviewRules;
  readonly state: EnvironmentState;
  readonly life: RunLife;
  readonly records: ReadonlyMap<string, ComparedRecord | undefined>;
};

/** What happened to what an environment runs, as far as signed statements tell it. */
export const eventsOf = ({ rules, state, life, records }: EventsQuestion): Seen => {
  const asksChanges = rules.triggers.some((trigger) => trigger === 'data-change' || trigger === 'dependency-change');
  const promoted = state.past.map((one) => promotionEvents(one, records, asksChanges));
  return {
    events: [...promoted.flatMap(({ events }) => events), ...lifeEvents(life)],
    unknown: [...promoted.flatMap(({ unknown }) => unknown), ...life.because],
  };
};

const promotionEvents = ({ promotion }: SignedPromotion, records: EventsQuestion['records'], asksChanges: boolean): Seen => {
  const { record, replaces, takesBack, promotedAt: at } = promotion;
  const name = record.runId.slice(0, 8);
  if (takesBack !== undefined) return { events: [{ trigger: 'return', at, because: `${name} came back` }], unknown: [] };
  if (replaces === undefined || replaces.manifestSha256 === record.manifestSha256) return { events: [], unknown: [] };
  const other: Event = { trigger: 'promotion', at, because: `${name} was promoted in place of ${replaces.runId.slice(0, 8)}` };
  if (!asksChanges) return { events: [other], unknown: [] };
  const [before, after] = [records.get(replaces.manifestSha256), records.get(record.manifestSha256)];
  if (before === undefined || after === undefined)
    return { events: [other], unknown: [`what changed from ${replaces.runId.slice(0, 8)} to ${name} cannot be seen: a record is not here, or cannot be read`] };
  const manifests = [before.manifest, after.manifest] as const;
  const changes = changesOf({ comparison: compareManifests(manifests), manifests });
  const changed = (classes: readonly string[]): boolean => changes.some((change) => change.classes.some((one) => classes.includes(one)));
  return {
    events: [
      other,
      ...(changed(DATA) ? [{ trigger: 'data-change', at, because: `${name} was promoted with other data` } as const] : []),
      ...(changed(SOFTWARE) ? [{ trigger: 'dependency-change', at, because: `${name} was promoted with other software or another machine` } as const] : []),
    ],
    unknown: [],
  };
};

const lifeEvents = ({ amended, deprecations }: RunLife): readonly Event[] => [
  ...amended.map(({ pointer, by }): Event => ({ trigger: 'amendment', at: by.amendment.amendedAt, because: `${escapeControl(pointer)} reads otherwise` })),
  ...deprecations
    .filter(({ state }) => state.kind === 'in-force')
    .map(({ about, deprecation: { reason, from, deprecatedAt } }): Event => ({
      trigger: 'deprecation',
      at: from > deprecatedAt ? from : deprecatedAt,
      because: `${about} is deprecated: ${escapeControl(reason)}`,
    })),
];
