import type { JsonValue } from '#base';
import { isObject, objectIn, without } from './json-parts.ts';
import type { JsonObject, MigrationNote, MigrationStep, Shown } from './migration.ts';
import { type Renamed, withMovedPointers } from './moved-pointers.ts';

/** Lists have plural names everywhere else. */
const FORWARD: Renamed = { process: 'processes' };
const BACK: Renamed = { processes: 'process' };

/** Under this name of ours the extensions keep what v1 has no field for. */
const ASIDE = 'dev.trainlock.v0';

/** Fields of v0 that nothing wrote and v1 does not have: who approves, and what a later document says of a record, cannot stand in it. */
const DROPPED = [
  { section: 'governance', key: 'approvalsRequired', because: 'what a change needs is asked of the policy when somebody asks' },
  { section: 'lineage', key: 'supersedes', because: 'a later record or word says what it follows, and the earlier one stays' },
  { section: 'lineage', key: 'deprecations', because: 'deprecations are statements of their own' },
] as const;

const forward = (record: JsonObject): Shown => {
  const v0 = withParents(record);
  const { process, ...sections } = v0;
  const clock = clockOf(v0);
  const aside = asideOf(v0);
  const run = objectIn(v0['run']);
  const renamed = withMovedPointers(
    {
      ...sections,
      schemaVersion: versionOf(v0),
      ...(process === undefined ? {} : { processes: process }),
      ...(isObject(v0['run']) ? { run: { ...run, clock: clock.value } } : {}),
    },
    FORWARD,
  );
  return {
    value: aside.reduce((manifest, { section, key }) => withoutIn(manifest, section, key), withAside(renamed, aside)),
    notes: [
      { kind: 'moved', pointer: '/processes', from: '/process', because: 'the list has another name' },
      ...clock.notes,
      ...aside.map(({ section, key, because }): MigrationNote => ({ kind: 'kept-aside', pointer: `/extensions/${ASIDE}`, from: `/${section}/${key}`, because })),
      ...(objectIn(v0['governance'])['policySha256'] === undefined
        ? [{ kind: 'not-recorded', pointer: '/governance/policySha256', because: 'recorders of v0 did not look which policy was in force' } as const]
        : []),
    ],
  };
};

/** A later minor version of v0 stays one: what it added is not understood here either. */
const versionOf = (v0: JsonObject): JsonValue => (v0['schemaVersion'] === '0.1' ? '1.0' : `1.${LATER}`);
const LATER = '9999';

const clockOf = (v0: JsonObject): { readonly value: JsonObject; readonly notes: readonly MigrationNote[] } => {
  const clock = objectIn(objectIn(v0['run'])['clock']);
  const { source = 'unknown', synchronised = 'unknown' } = clock;
  const missing = ['source', 'synchronised'].filter((key) => clock[key] === undefined);
  return {
    value: { ...clock, source, synchronised },
    notes: missing.map((key) => ({ kind: 'unknown', pointer: `/run/clock/${key}`, because: 'the record does not say it' })),
  };
};

type Aside = (typeof DROPPED)[number] & { readonly value: JsonValue };

const asideOf = (v0: JsonObject): readonly Aside[] =>
  DROPPED.flatMap((field) => {
    const value = objectIn(v0[field.section])[field.key];
    return value === undefined ? [] : [{ ...field, value }];
  });

const withAside = (manifest: JsonObject, aside: readonly Aside[]): JsonObject => {
  if (aside.length === 0) return manifest;
  const extensions = objectIn(manifest['extensions']);
  const kept = Object.fromEntries(aside.map(({ section, key, value }) => [`/${section}/${key}`, value]));
  return { ...manifest, extensions: { ...extensions, [ASIDE]: { ...objectIn(extensions[ASIDE]), ...kept } } };
};

const withoutIn = (manifest: JsonObject, section: string, key: string): JsonObject => {
  const value = manifest[section];
  return isObject(value) ? { ...manifest, [section]: without(value, [key]) } : manifest;
};

const back = (v1: JsonObject): JsonObject => {
  const { processes, ...sections } = withoutNewParents(v1);
  const run = objectIn(sections['run']);
  const clock = objectIn(run['clock']);
  const v0 = withMovedPointers({ ...sections, schemaVersion: '0.1', ...(processes === undefined ? {} : { process: processes }) }, BACK);
  return withRestored({
    ...v0,
    // v0 has no word for a clock that nobody saw: it leaves the clock out.
    ...(isObject(v1['run']) ? { run: clock['source'] === 'unknown' ? without(run, ['clock']) : run } : {}),
  });
};

/** A relation of runs that v0 has no word for stands beside it, and comes back in a view of v1. */
const NEW_PARENTS: ReadonlySet<JsonValue> = new Set(['upgrade']);
const NEWER = 'dev.trainlock.v1';
const PARENTS = '/run/parents';

const withoutNewParents = (v1: JsonObject): JsonObject => {
  const run = objectIn(v1['run']);
  const parents = run['parents'];
  if (!Array.isArray(parents)) return v1;
  const known = parents.filter((parent: JsonValue) => !NEW_PARENTS.has(objectIn(parent)['kind'] ?? ''));
  if (known.length === parents.length) return v1;
  const extensions = objectIn(v1['extensions']);
  return {
    ...v1,
    run: known.length === 0 ? without(run, ['parents']) : { ...run, parents: known },
    extensions: { ...extensions, [NEWER]: { ...objectIn(extensions[NEWER]), [PARENTS]: parents } },
  };
};

const withParents = (v0: JsonObject): JsonObject => {
  const extensions = objectIn(v0['extensions']);
  const newer = objectIn(extensions[NEWER]);
  const parents = newer[PARENTS];
  if (!Array.isArray(parents) || !isObject(v0['run'])) return v0;
  const left = without(newer, [PARENTS]);
  const others = Object.keys(left).length === 0 ? without(extensions, [NEWER]) : { ...extensions, [NEWER]: left };
  return {
    ...(Object.keys(others).length === 0 ? without(v0, ['extensions']) : { ...v0, extensions: others }),
    run: { ...v0['run'], parents },
  };
};

const withRestored = (manifest: JsonObject): JsonObject => {
  const extensions = objectIn(manifest['extensions']);
  const kept = extensions[ASIDE];
  if (!isObject(kept)) return manifest;
  const others = without(extensions, [ASIDE]);
  const restored = DROPPED.filter(({ section, key }) => kept[`/${section}/${key}`] !== undefined);
  return {
    ...(Object.keys(others).length === 0 ? without(manifest, ['extensions']) : { ...manifest, extensions: others }),
    ...Object.fromEntries(
      [...new Set(restored.map(({ section }) => section))].map((section) => [
        section,
        {
          ...objectIn(manifest[section]),
          ...Object.fromEntries(restored.filter((one) => one.section === section).map(({ key }) => [key, kept[`/${section}/${key}`]!])),
        },
      ]),
    ),
  };
};

/** v0, in which the first records were written, and v1, in which what was learnt from them is frozen. */
export const V0_TO_V1: MigrationStep = { forward, back };
