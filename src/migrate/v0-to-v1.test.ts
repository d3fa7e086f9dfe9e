import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { JsonValue } from '#base';
import { CURRENT_MAJOR, migrateManifest } from './index.ts';
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
      'dev.trainlock.v0': { kept: 'before', '/governance/approvalsRequired': ['a'], '/lineage/supersedes': { reason: 'x' }, '/lineage/deprecations': ['y'] },
    });
    const again = migrateManifest(shown, 1, 0).value;
    expect(again).toMatchObject({ lineage: record['lineage'], governance: record['governance'] });
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

const json = fc.jsonValue() as fc.Arbitrary<JsonValue>;
const clock = fc.constantFrom<JsonObject | undefined>(
  { source: 'system', synchronised: 'yes' },
  { source: 'system', synchronised: 'unknown' },
  { source: 'unknown', synchronised: 'unknown' },
);
const aside = fc.option(fc.constantFrom<JsonObject>({ '/lineage/supersedes': { reason: 'x' } }, { '/governance/approvalsRequired': ['a'], '/lineage/deprecations': [] }), {
  nil: undefined,
});

/** What a recorder of v1 may write. */
const v1 = fc
  .record({ clock, aside, processes: fc.array(json), data: json, lineage: fc.constantFrom<JsonObject>({}, { parents: [] }) })
  .map(({ clock: runClock, aside: kept, processes, data, lineage }): JsonObject => ({
    schemaVersion: '1.0',
    critical: ['/processes/0'],
    run: { id: 'a', ...(runClock === undefined ? {} : { clock: runClock }) },
    processes,
    data,
    lineage,
    ...(kept === undefined ? {} : { extensions: { 'dev.trainlock.v0': kept }, ...(kept['/governance/approvalsRequired'] === undefined ? {} : { governance: {} }) }),
    capture: { origins: { '/processes': 'captured' }, gaps: [], findings: [] },
  }));

describe('the way back', () => {
  it('and forth again gives the same record', () => {
    fc.assert(
      fc.property(v1, (record) => {
        expect(migrateManifest(migrateManifest(record, 1, 0).value, 0, 1).value).toEqual(record);
      }),
    );
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
