import type { JsonValue } from '#base';
import { isObject, objectIn, without } from './json-parts.ts';
import { type Accepts, type Kept, setAside, takeBack } from './kept-aside.ts';
import type { JsonObject, MigrationNote, MigrationStep, Shown } from './migration.ts';
import { movedPointer, type Renamed, sectionOf, withMovedPointers, withOrigins } from './moved-pointers.ts';
import { areAllParents, parentsForV0 } from './new-parents.ts';

/** Lists have plural names everywhere else. */
const FORWARD: Renamed = { process: 'processes' };
const BACK: Renamed = { processes: 'process' };

/** Under these names of ours the extensions keep what v1, and what v0, has no field for. */
const FOR_V0 = 'dev.trainlock.v0';
const FOR_V1 = 'dev.trainlock.v1';

/** Fields of v0 that nothing wrote and v1 does not have: who approves, and what a later document says of a record, cannot stand in it. */
const DROPPED = [
  { section: 'governance', key: 'approvalsRequired', because: 'what a change needs is asked of the policy when somebody asks' },
  { section: 'lineage', key: 'supersedes', because: 'a later record or word says what it follows, and the earlier one stays' },
  { section: 'lineage', key: 'deprecations', because: 'deprecations are statements of their own' },
] as const;

const [PARENTS, CLOCK, VERSION, ORIGINS] = ['/run/parents', '/run/clock', '/schemaVersion', '/capture/origins'] as const;

/** The minor version that stands for one that nobody here knows. */
const LATER = '9999';

/** A clock that nobody saw. v0 leaves it out. */
const UNSEEN = { source: 'unknown', synchronised: 'unknown' } as const;

const forward = (record: JsonObject): Shown => {
  const { manifest: v0, kept } = takeBack(record, FOR_V1, ONLY_V1_SAYS);
  const { process, ...sections } = v0;
  const clock = clockOf(v0, kept[CLOCK]);
  const run = objectIn(v0['run']);
  const { manifest, strangers } = withMovedPointers(
    {
      ...sections,
      schemaVersion: kept[VERSION] ?? versionOf(v0, 'v1'),
      ...(process === undefined ? {} : { processes: process }),
      ...(isObject(v0['run']) ? { run: { ...run, clock: clock.value, ...(kept[PARENTS] === undefined ? {} : { parents: kept[PARENTS] }) } } : {}),
    },
    FORWARD,
  );
  const dropped = DROPPED.flatMap((field) => (objectIn(v0[field.section])[field.key] === undefined ? [] : [field]));
  const aside: Kept = {
    ...Object.fromEntries(dropped.map(({ section, key }) => [`/${section}/${key}`, objectIn(v0[section])[key]!])),
    ...(Object.keys(strangers).length === 0 ? {} : { [ORIGINS]: strangers }),
  };
  const view = dropped.reduce((shown, { section, key }) => withoutIn(shown, section, key), manifest);
  return {
    value: setAside(withOrigins(view, objectIn(kept[ORIGINS])), FOR_V0, aside),
    notes: [
      { kind: 'moved', pointer: '/processes', from: '/process', because: 'the list has another name' },
      ...clock.notes,
      ...Object.keys(kept).map((pointer): MigrationNote => ({
        kind: 'moved',
        pointer,
        from: `/extensions/${FOR_V1}`,
        because: 'v0 has no word for it, so it stood among the extensions',
      })),
      ...dropped.map(({ section, key, because }): MigrationNote => ({ kind: 'kept-aside', pointer: `/extensions/${FOR_V0}`, from: `/${section}/${key}`, because })),
      ...Object.keys(strangers).map((pointer): MigrationNote => ({
        kind: 'kept-aside',
        pointer: `/extensions/${FOR_V0}`,
        from: `${ORIGINS}/${escaped(pointer)}`,
        because: 'v0 has no such place, and v1 has another one of that name',
      })),
      ...(objectIn(v0['governance'])['policySha256'] === undefined
        ? [{ kind: 'not-recorded', pointer: '/governance/policySha256', because: 'recorders of v0 did not look which policy was in force' } as const]
        : []),
    ],
  };
};

const escaped = (token: string): string => token.replaceAll('~', '~0').replaceAll('/', '~1');

/** What was written beside a record of v0 because v0 has no word for it. What does not fit the record stays where it is. */
const ONLY_V1_SAYS: Readonly<Record<string, Accepts>> = {
  [PARENTS]: areAllParents,
  [CLOCK]: (clock, { run }) => isObject(clock) && clock['source'] === UNSEEN.source && isObject(run) && run['clock'] === undefined,
  [VERSION]: (version, { schemaVersion }) => schemaVersion === `0.${LATER}` && typeof version === 'string' && /^1\.[1-9][0-9]{0,3}$/.test(version),
  [ORIGINS]: (origins, { capture }) => isObject(origins) && isObject(capture) && Object.keys(origins).every((pointer) => Object.hasOwn(FORWARD, sectionOf(pointer))),
};

/** The last minor version of each, as the other says it. A later minor version stays one: what it added is not understood here either. */
const versionOf = ({ schemaVersion }: JsonObject, shown: 'v0' | 'v1'): string => {
  const minor = typeof schemaVersion === 'string' ? Number(/^[0-9]+\.([0-9]+)$/.exec(schemaVersion)?.[1] ?? '0') : 0;
  return shown === 'v1' ? `1.${minor <= 1 ? '0' : LATER}` : `0.${minor === 0 ? '1' : LATER}`;
};

const clockOf = (v0: JsonObject, kept: JsonValue | undefined): { readonly value: JsonObject; readonly notes: readonly MigrationNote[] } => {
  if (isObject(kept)) return { value: kept, notes: [] };
  const clock = objectIn(objectIn(v0['run'])['clock']);
  const missing = Object.keys(UNSEEN).filter((key) => clock[key] === undefined);
  return {
    value: { ...UNSEEN, ...clock },
    notes: missing.map((key) => ({ kind: 'unknown', pointer: `${CLOCK}/${key}`, because: 'the record does not say it' })),
  };
};

const withoutIn = (manifest: JsonObject, section: string, key: string): JsonObject => {
  const value = manifest[section];
  return isObject(value) ? { ...manifest, [section]: without(value, [key]) } : manifest;
};

const back = (record: JsonObject): Shown => {
  const { manifest: v1, kept } = takeBack(record, FOR_V0, ONLY_V0_SAYS);
  const { processes, ...sections } = v1;
  const run = objectIn(v1['run']);
  const [clock, parents] = [objectIn(run['clock']), parentsForV0(run)];
  const version = versionOf(v1, 'v0');
  // v0 has no word for a clock that nobody saw: it leaves the clock out.
  const isUnseen = clock['source'] === UNSEEN.source;
  const { manifest, strangers } = withMovedPointers({ ...sections, schemaVersion: version, ...(processes === undefined ? {} : { process: processes }) }, BACK);
  const aside: Kept = {
    ...(parents === undefined ? {} : { [PARENTS]: parents.all }),
    ...(isUnseen && JSON.stringify({ ...UNSEEN, ...clock }) !== JSON.stringify(UNSEEN) ? { [CLOCK]: clock } : {}),
    ...(version === `0.${LATER}` ? { [VERSION]: v1['schemaVersion']! } : {}),
    ...(Object.keys(strangers).length === 0 ? {} : { [ORIGINS]: strangers }),
  };
  const known = parents === undefined || parents.known.length === 0 ? {} : { parents: parents.known };
  const left = without(run, [...(isUnseen ? ['clock'] : []), ...(parents === undefined ? [] : ['parents'])]);
  const restored = DROPPED.filter(({ section, key }) => kept[`/${section}/${key}`] !== undefined);
  const view = restored.reduce<JsonObject>(
    (shown, { section, key }) => ({ ...shown, [section]: { ...objectIn(shown[section]), [key]: kept[`/${section}/${key}`]! } }),
    isObject(v1['run']) ? { ...manifest, run: { ...left, ...known } } : manifest,
  );
  return {
    value: setAside(withOrigins(view, objectIn(kept[ORIGINS])), FOR_V1, aside),
    notes: [
      { kind: 'moved', pointer: '/process', from: '/processes', because: 'the list has another name' },
      ...Object.keys(kept).map((pointer): MigrationNote => ({
        kind: 'moved',
        pointer,
        from: `/extensions/${FOR_V0}`,
        because: 'v1 has no word for it, so it stood among the extensions',
      })),
      ...Object.keys(aside).map((pointer): MigrationNote => ({ kind: 'kept-aside', pointer: `/extensions/${FOR_V1}`, from: pointer, because: 'v0 has no word for it' })),
    ],
  };
};

/** What was put aside when a record of v0 was shown as v1. */
const ONLY_V0_SAYS: Readonly<Record<string, Accepts>> = {
  ...Object.fromEntries(DROPPED.map(({ section, key }): readonly [string, Accepts] => [`/${section}/${key}`, () => true])),
  [ORIGINS]: (origins, { capture }) => isObject(origins) && isObject(capture) && Object.keys(origins).every((pointer) => Object.hasOwn(BACK, sectionOf(pointer))),
};

const placeOf = (pointer: string): string | undefined => {
  if (Object.hasOwn(BACK, sectionOf(pointer))) return undefined;
  const isDropped = DROPPED.some(({ section, key }) => pointer === `/${section}/${key}` || pointer.startsWith(`/${section}/${key}/`));
  return isDropped ? '/extensions' : movedPointer(pointer, FORWARD);
};

/** v0, in which the first records were written, and v1, in which what was learnt from them is frozen. */
export const V0_TO_V1: MigrationStep = { forward, back, placeOf, pathOf: (path) => placeOf(path) ?? path };
