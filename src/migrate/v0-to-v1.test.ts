import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { JsonValue } from '#base';
import { CURRENT_MAJOR, migrateManifest, pathNow, placeNow } from './index.ts';
import type { JsonObject } from './migration.ts';

/** So much of a manifest as the step looks at. */
const v0 = (changes: JsonObject = {}): JsonObject => ({
  schemaVersion: '0.1',
  critical: ['/process', '/run/id'],
  run: { id: 'a', clock: { source: 'system', synchronised: 'yes' } },
  process: [{ id: '0', hooks: 'active' }],
  lineage: {},
  governance: { policySha256: 'p' },
  capture: {
    origins: { '': 'captured', '/process': 'inferred', '/processes': 'declared' },
    gaps: [{ about: '/process/0', reason: 'x' }],
    findings: [{ kind: 'a', about: '/data' }],
  },
  ...changes,
});

const view = (value: JsonValue): JsonObject => migrateManifest(value, 0, 1).value;
const notes = (value: JsonValue): readonly string[] => migrateManifest(value, 0, 1).notes.map(({ kind, pointer }) => `${kind} ${pointer}`);

describe('a record of v0, shown as v1', () => {
  it('has the list of processes under its plural, and points there', () => {
    expect(view(v0())).toMatchObject({
      schemaVersion: '1.0',
      processes: [{ id: '0', hooks: 'active' }],
      critical: ['/processes', '/run/id'],
      capture: { gaps: [{ about: '/processes/0', reason: 'x' }], findings: [{ about: '/data' }] },
    });
    expect(view(v0())).not.toHaveProperty('process');
  });

  it.each<[string, JsonObject | undefined, JsonObject, readonly string[]]>([
    ['no clock', undefined, { source: 'unknown', synchronised: 'unknown' }, ['unknown /run/clock/source', 'unknown /run/clock/synchronised']],
    ['a clock of which nobody knows whether it is right', { source: 'system' }, { source: 'system', synchronised: 'unknown' }, ['unknown /run/clock/synchronised']],
    ['a clock that is known', { source: 'system', synchronised: 'no' }, { source: 'system', synchronised: 'no' }, []],
  ])('says of %s what the record says, and of the rest that it is not known', (_, clock, expected, said) => {
    const record = v0({ run: { id: 'a', ...(clock === undefined ? {} : { clock }) } });
    expect(view(record)['run']).toEqual({ id: 'a', clock: expected });
    expect(notes(record).filter((note) => note.startsWith('unknown'))).toEqual(said);
  });

  it('says that no recorder of v0 looked at the policy, and fills in nothing', () => {
    const record = v0({ governance: { roles: ['x'] } });
    expect(notes(record)).toContain('not-recorded /governance/policySha256');
    expect(view(record)['governance']).toEqual({ roles: ['x'] });
    expect(notes(v0())).not.toContain('not-recorded /governance/policySha256');
  });

  it('keeps aside what v1 has no field for, and gives it back', () => {
    const record = v0({
      governance: { approvalsRequired: ['a'], policySha256: 'p' },
      lineage: { supersedes: { reason: 'x' }, deprecations: ['y'], parents: [] },
      extensions: { 'com.example.x': 1, 'dev.trainlock.v0': { kept: 'before' } },
    });
    const shown = view(record);
    expect(shown['lineage']).toEqual({ parents: [] });
    expect(shown['governance']).toEqual({ policySha256: 'p' });
    expect(shown['extensions']).toEqual({
      'com.example.x': 1,
      'dev.trainlock.v0': { kept: 'before' },
      'dev.trainlock.v0.1': {
        '/extensions': {},
        '/capture/origins': { '/processes': 'declared' },
        '/governance/approvalsRequired': ['a'],
        '/lineage/supersedes': { reason: 'x' },
        '/lineage/deprecations': ['y'],
      },
    });
    const again = migrateManifest(shown, 1, 0).value;
    expect(again).toEqual(record);
  });

  it('says how a value was known where v0 has it, and never that of a place which v0 does not have', () => {
    expect(view(v0())['capture']).toMatchObject({ origins: { '': 'captured', '/processes': 'inferred' } });
    expect(notes(v0())).toContain('kept-aside /extensions/dev.trainlock.v0');
    const alone = v0({ capture: { origins: { '/processes/0': 'declared' }, gaps: [], findings: [] } });
    expect(view(alone)['capture']).toMatchObject({ origins: {} });
    expect(migrateManifest(view(alone), 1, 0).value).toEqual(alone);
  });

  it('replaces nothing that lies among the extensions under its name', () => {
    const field = { lineage: { deprecations: ['y'] }, capture: { origins: {}, gaps: [], findings: [] } };
    const kept = (extensions: JsonObject): JsonValue => view(v0({ ...field, extensions }))['extensions']!;
    expect(kept({ 'dev.trainlock.v0': 'text' })).toEqual({ 'dev.trainlock.v0': 'text', 'dev.trainlock.v0.1': { '/lineage/deprecations': ['y'], '/extensions': {} } });
    expect(kept({ 'dev.trainlock.v0': { '/lineage/deprecations': ['z'] } })).toEqual({
      'dev.trainlock.v0': { '/lineage/deprecations': ['z'] },
      'dev.trainlock.v0.1': { '/lineage/deprecations': ['y'], '/extensions': {} },
    });
    expect(kept({ 'dev.trainlock.v0': 1, 'dev.trainlock.v0.1': {} })).toEqual({
      'dev.trainlock.v0': 1,
      'dev.trainlock.v0.1': {},
      'dev.trainlock.v0.2': { '/lineage/deprecations': ['y'], '/extensions': {} },
    });
    expect(kept({})).toEqual({ 'dev.trainlock.v0': { '/lineage/deprecations': ['y'], '/extensions': {} } });
    expect(migrateManifest(view(v0({ ...field, extensions: {} })), 1, 0).value).toEqual(v0({ ...field, extensions: {} }));
  });

  it.each<[string, JsonValue, JsonValue]>([
    ['others than the record names', [{ kind: 'stage', run: 'a' }], [{ kind: 'upgrade', run: 'b' }]],
    ['none where the record names one', [{ kind: 'stage', run: 'a' }], []],
    [
      'one more of a kind that v0 knows',
      [{ kind: 'stage', run: 'a' }],
      [
        { kind: 'stage', run: 'a' },
        { kind: 'stage', run: 'b' },
      ],
    ],
    ['what is no list', [{ kind: 'stage', run: 'a' }], 'x'],
    ['what has no kind', [], [{}]],
  ])('keeps the parents that were signed, whatever lies beside them: %s', (_, parents, beside) => {
    const record = v0({ run: { id: 'x', clock: { source: 'system', synchronised: 'yes' }, parents }, extensions: { 'dev.trainlock.v1': { '/run/parents': beside } } });
    expect(view(record)['run']).toMatchObject({ parents });
    expect(view(record)['extensions']).toMatchObject({ 'dev.trainlock.v1': { '/run/parents': beside } });
  });

  it('tells of what stood beside it because v0 has no word for it', () => {
    const parents = [{ kind: 'upgrade', run: 'b' }];
    const record = v0({ run: { id: 'x', clock: { source: 'system', synchronised: 'yes' } }, extensions: { 'dev.trainlock.v1': { '/run/parents': parents } } });
    expect(view(record)['run']).toMatchObject({ parents });
    expect(notes(record)).toContain('moved /run/parents');
  });

  it.each([
    ['0.0', '1.0'],
    ['0.1', '1.0'],
    ['0.01', '1.0'],
    ['0.2', '1.9999'],
    ['0.9999', '1.9999'],
  ])('of version %s is one of %s', (version, shown) => {
    expect(view(v0({ schemaVersion: version }))['schemaVersion']).toBe(shown);
  });

  it('of a run with a relation that v0 has no word for keeps it aside, and gives it back', () => {
    const parents = [
      { kind: 'stage', run: 'a' },
      { kind: 'upgrade', run: 'b' },
    ];
    const v1 = view(v0({ run: { id: 'x', clock: { source: 'system', synchronised: 'yes' }, parents } }));
    const old = migrateManifest(v1, 1, 0).value;
    expect(old['run']).toMatchObject({ parents: [{ kind: 'stage', run: 'a' }] });
    expect(old['extensions']).toEqual({ 'dev.trainlock.v1': { '/run/parents': parents } });
    expect(view(old)).toEqual(v1);
  });

  it('of a later minor version of v0 is one of v1 too', () => {
    expect(view(v0({ schemaVersion: '0.7' }))['schemaVersion']).toBe('1.9999');
  });

  it('changes nothing where it is of the version that is asked for', () => {
    const shown = migrateManifest(v0(), 0, CURRENT_MAJOR).value;
    expect(migrateManifest(shown, CURRENT_MAJOR, CURRENT_MAJOR)).toEqual({ value: shown, notes: [] });
  });
});

describe('a place of v0', () => {
  it.each<[string, string | undefined]>([
    ['', ''],
    ['/run/id', '/run/id'],
    ['/process', '/processes'],
    ['/process/0/argv', '/processes/0/argv'],
    ['/processing', '/processing'],
    ['/processes', undefined],
    ['/processes/0', undefined],
    ['/governance/approvalsRequired', '/extensions'],
    ['/governance/approvalsRequired/0', '/extensions'],
    ['/governance/approvalsRequiredToo', '/governance/approvalsRequiredToo'],
  ])('%s stands in a view at %s', (pointer, expected) => {
    expect(placeNow(pointer, 0)).toBe(expected);
    expect(placeNow(pointer, 1)).toBe(pointer);
  });

  it.each([
    ['/process/*/argv', '/processes/*/argv'],
    ['/processes/*/argv', '/processes/*/argv'],
    ['/data/**', '/data/**'],
    ['/process/**', '/processes/**'],
    ['/governance/approvalsRequired', '/extensions'],
    ['data', 'data'],
    ['**', '**'],
  ])('%s is written %s now', (path, expected) => {
    expect(pathNow(path)).toBe(expected);
  });
});

const json = fc.jsonValue() as fc.Arbitrary<JsonValue>;
const clock = fc.constantFrom<JsonObject | undefined>(
  { source: 'system', synchronised: 'yes' },
  { source: 'system', synchronised: 'unknown' },
  { source: 'unknown', synchronised: 'unknown' },
  { source: 'unknown', synchronised: 'yes' },
  { synchronised: 'unknown', source: 'unknown', offset: '1' },
);
const aside = fc.option(fc.constantFrom<JsonObject>({ '/lineage/supersedes': { reason: 'x' } }, { '/governance/approvalsRequired': ['a'], '/lineage/deprecations': [] }), {
  nil: undefined,
});

const origins = fc.constantFrom<JsonObject>({ '/processes': 'captured' }, { '/processes/0': 'captured', '/process': 'declared', '/processing': 'declared' }, {});
const parents = fc.option(fc.array(fc.constantFrom<JsonObject>({ kind: 'stage', run: 'a' }, { kind: 'upgrade', run: 'b' })), { nil: undefined });
const others = fc.option(
  fc.constantFrom<JsonObject>(
    {},
    { 'com.example': 1 },
    { 'dev.trainlock.v1': {} },
    { 'dev.trainlock.v1': { '/run/parents': [] } },
    { 'dev.trainlock.v1': 'text', 'dev.trainlock.v1.1': { '/run/clock': {} } },
    { 'dev.trainlock.v1': { '/run/parents': [{ kind: 'upgrade' }], other: 1 } },
  ),
  { nil: undefined },
);

/** What a recorder of v1 may write. */
const v1 = fc
  .record({
    clock,
    aside,
    origins,
    parents,
    others,
    version: fc.constantFrom('1.0', '1.5'),
    processes: fc.array(json),
    data: json,
    lineage: fc.constantFrom<JsonObject>({}, { parents: [] }),
  })
  .map(({ clock: runClock, aside: kept, origins: known, parents: before, others: beside, version, processes, data, lineage }): JsonObject => ({
    schemaVersion: version,
    critical: ['/processes/0'],
    run: { id: 'a', ...(runClock === undefined ? {} : { clock: runClock }), ...(before === undefined ? {} : { parents: before }) },
    processes,
    data,
    lineage,
    ...(beside === undefined ? {} : { extensions: beside }),
    ...(kept === undefined ? {} : { extensions: { ...beside, 'dev.trainlock.v0': kept }, ...(kept['/governance/approvalsRequired'] === undefined ? {} : { governance: {} }) }),
    capture: { origins: known, gaps: [], findings: [] },
  }));

describe('the way back', () => {
  it('and forth again gives the same record', () => {
    fc.assert(
      fc.property(v1, (record) => {
        expect(migrateManifest(migrateManifest(record, 1, 0).value, 0, 1).value).toEqual(record);
      }),
    );
  });

  it('says what it keeps aside', () => {
    const record: JsonObject = { schemaVersion: '1.5', run: { parents: [{ kind: 'upgrade' }], clock: { source: 'unknown', synchronised: 'yes' } }, processes: [] };
    const { value, notes: said } = migrateManifest(record, 1, 0);
    expect(value).toEqual({
      schemaVersion: '0.9999',
      run: {},
      process: [],
      extensions: { 'dev.trainlock.v1': { '/run/parents': [{ kind: 'upgrade' }], '/run/clock': { source: 'unknown', synchronised: 'yes' }, '/schemaVersion': '1.5' } },
    });
    expect(said.map(({ kind, from }) => `${kind} ${from}`)).toEqual(['moved /processes', 'kept-aside /run/parents', 'kept-aside /run/clock', 'kept-aside /schemaVersion']);
  });

  it('never throws, whatever the value is', () => {
    fc.assert(
      fc.property(json, (value) => {
        migrateManifest(value, 0, 1);
        migrateManifest(value, 1, 0);
      }),
    );
  });
});
