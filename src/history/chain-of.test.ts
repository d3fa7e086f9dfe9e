import { describe, expect, it } from 'vitest';
import { digestOf, edited, trainingManifest } from '../../test/fixtures/training-manifest.ts';
import { chainOf, type SignedAmendment, type SignedReversion } from './chain-of.ts';
import type { FieldValue } from './correct-manifest.ts';

const manifest = edited(trainingManifest(), {
  '/capture/origins': { '': 'captured', '/run': 'declared', '/model': 'declared', '/data/0/licence': 'declared' },
  '/data/0/licence': 'MIT',
});
const ROOT = digestOf('record');
const record = { runId: manifest.run.id, manifestSha256: ROOT };

type Change = { readonly pointer?: string; readonly before?: FieldValue; readonly after?: FieldValue; readonly person?: string; readonly root?: string };

/** An amendment of the owner with a digest of its own. */
const amendment = (name: string, supersedes: string, { pointer = '/model/owner', person = 'ben', root = ROOT, ...values }: Change = {}): SignedAmendment => ({
  sha256: name === 'record' ? ROOT : digestOf(name),
  person,
  isAdmin: false,
  amendment: {
    record: { ...record, manifestSha256: root },
    supersedes: supersedes === 'record' ? ROOT : digestOf(supersedes),
    pointer,
    ...('before' in values || pointer !== '/model/owner' ? {} : { before: 'ann' }),
    ...('after' in values ? {} : { after: name }),
    ...values,
    person,
    reason: 'why',
    amendedAt: '2026-11-26T12:00:00.000Z',
  },
});

const reversion = (name: string): SignedReversion => ({
  sha256: digestOf(`back ${name}`),
  person: 'cleo',
  isAdmin: false,
  reversion: { of: { kind: 'amendment', sha256: digestOf(name) }, person: 'cleo', reason: 'wrong', revertedAt: '2026-11-27T12:00:00.000Z' },
});

const ask = (amendments: readonly SignedAmendment[], reversions: readonly SignedReversion[] = [], notCounted?: ReadonlyMap<string, string>): ReturnType<typeof chainOf> =>
  chainOf({ manifest, manifestSha256: ROOT, amendments, reversions, ...(notCounted === undefined ? {} : { notCounted }) });

describe('the chain of revisions', () => {
  const told = (chain: ReturnType<typeof chainOf>): unknown => ({
    kind: chain.kind,
    owner: chain.view.model?.owner,
    states: chain.revisions.map(({ state }) => state.kind),
    findings: chain.findings.map(({ kind }) => kind),
  });
  const A = amendment('a', 'record');
  const B = amendment('b', 'a', { before: 'a' });
  const C = amendment('c', 'b', { before: 'b' });
  const OTHER = amendment('other', 'record');

  it.each<[string, readonly SignedAmendment[], readonly SignedReversion[], object]>([
    ['of nobody is the record', [], [], { kind: 'whole', owner: 'ann', states: [], findings: [] }],
    ['is put in order, whatever order the files have', [C, A, B], [], { kind: 'whole', owner: 'c', states: ['applied', 'applied', 'applied'], findings: [] }],
    ['takes a document that is there twice once', [A, A], [], { kind: 'whole', owner: 'a', states: ['applied'], findings: [] }],
    ['leaves out what belongs to another record', [amendment('a', 'record', { root: digestOf('x') })], [], { kind: 'whole', owner: 'ann', states: [], findings: [] }],
    ['goes on over one that was taken back', [A, B, C], [reversion('b')], { kind: 'whole', owner: 'c', states: ['applied', 'reverted', 'applied'], findings: [] }],
    ['is the record again when all were taken back', [A, B], [reversion('a'), reversion('b')], { kind: 'whole', owner: 'ann', states: ['reverted', 'reverted'], findings: [] }],
    [
      'may be corrected anew after that',
      [A, amendment('b', 'a', { before: 'ann' })],
      [reversion('a')],
      { kind: 'whole', owner: 'b', states: ['reverted', 'applied'], findings: [] },
    ],
    [
      'is undecided at a fork, and reads as before it',
      [A, B, amendment('b2', 'a', { before: 'a' })],
      [],
      { kind: 'undecided', owner: 'a', findings: ['fork'], states: ['applied', 'applied', 'applied'] },
    ],
    ['is undecided where two branches were merged', [A, OTHER], [], { kind: 'undecided', owner: 'ann', findings: ['fork'], states: ['applied', 'applied'] }],
    ['is settled when one of them is taken back', [A, OTHER], [reversion('other')], { kind: 'whole', owner: 'a', states: ['applied', 'reverted'], findings: [] }],
    [
      'stays undecided as long as a branch has something left',
      [A, B, OTHER],
      [reversion('a')],
      { kind: 'undecided', owner: 'ann', findings: ['fork'], states: ['reverted', 'applied', 'applied'] },
    ],
    ['misses a link that was taken away', [A, C], [], { kind: 'undecided', owner: 'a', states: ['applied'], findings: ['gap'] }],
    ['misses the first link', [B], [], { kind: 'undecided', owner: 'ann', states: [], findings: ['gap'] }],
    ['is whole again when what hangs in the air is taken back', [A, C], [reversion('c')], { kind: 'whole', owner: 'a', states: ['applied'], findings: [] }],
    ['tells a circle', [amendment('x', 'y'), amendment('y', 'x')], [], { kind: 'undecided', owner: 'ann', states: [], findings: ['cycle', 'cycle'] }],
    ['tells what follows itself', [amendment('x', 'x')], [], { kind: 'undecided', owner: 'ann', states: [], findings: ['cycle'] }],
    [
      'does not run round a record that follows its own amendment',
      [A, amendment('record', 'a')],
      [],
      { kind: 'whole', owner: 'record', states: ['applied', 'applied'], findings: [] },
    ],
  ])('%s', (_, amendments, reversions, expected) => {
    expect(told(ask(amendments, reversions))).toEqual(expected);
  });

  it.each<[string, Change, string]>([
    ['a metric', { pointer: '/evaluation/metrics/0/value', before: '0.9688888888888889', after: '0.99' }, 'not-correctable'],
    ['a digest', { pointer: '/outputs/0/sha256', after: digestOf('other') }, 'not-correctable'],
    ['a seed', { pointer: '/randomness/generators/1/seed/value', before: '7', after: '8' }, 'not-correctable'],
    ['a dependency', { pointer: '/dependencies/distributions/0/version', after: '2.0.0' }, 'not-correctable'],
    ['a criterion', { pointer: '/evaluation/criteria/0/value', before: '0.9', after: '0.1' }, 'not-correctable'],
    ['how much to believe', { pointer: '/capture/trust/kind', after: 'hardware-attestation' }, 'not-correctable'],
    ['a whole section', { pointer: '/model', after: 'x' }, 'not-correctable'],
    ['a place that no manifest has', { pointer: '/modle/owner', after: 'x' }, 'not-correctable'],
    ['a data set that is not there', { pointer: '/data/7/licence', after: 'x' }, 'not-correctable'],
    ['an item of a list', { pointer: '/model/limitations/0', after: 'x' }, 'not-correctable'],
    ['a text to a list', { after: ['x'] }, 'not-a-manifest'],
    ['a list to a text', { pointer: '/model/limitations', after: 'x' }, 'not-a-manifest'],
    ['to a text that is too long', { after: 'x'.repeat(16_000) }, 'not-a-manifest'],
  ])('does not take a correction of %s, whoever signed it, and the next one goes on', (_, change, kind) => {
    const bad = amendment('bad', 'record', change);
    const chain = ask([bad, amendment('good', 'record')]);
    expect(chain).toMatchObject({ kind: 'whole', findings: [{ kind, severity: 'warning' }] });
    expect(chain.view.model?.owner).toBe('good');
  });

  it('does not let one that does not count stand in the way of one that does', () => {
    const chain = ask([amendment('bad', 'record', { pointer: '/outputs/0/sha256', after: 'x' }), amendment('good', 'bad')]);
    expect(chain).toMatchObject({ kind: 'whole', head: digestOf('good'), view: { model: { owner: 'good' } } });
  });

  it('does not take a correction of what never stood there', () => {
    expect(ask([amendment('bad', 'record', { before: 'somebody', after: 'x' })])).toMatchObject({
      view: { model: { owner: 'ann' } },
      findings: [{ kind: 'not-what-stood-there', severity: 'warning' }],
    });
  });

  it('says of a link that is there why it does not count', () => {
    const chain = ask([B], [], new Map([[digestOf('a'), 'the key was revoked']]));
    expect(chain.findings[0]?.message).toContain('does not count: the key was revoked');
  });

  it('tells the commands that settle a fork', () => {
    const { findings, head } = ask([A, B, OTHER]);
    expect(head).toBeUndefined();
    expect(findings[0]?.remedy).toContain(`trainlock revert ${digestOf('a').slice(0, 12)} --reason "…" && trainlock revert ${digestOf('b').slice(0, 12)} --reason "…"`);
    expect(findings[0]?.remedy).toContain(`\ntrainlock revert ${digestOf('other').slice(0, 12)}`);
  });

  it('tells each field that reads otherwise, with both values, and none that reads as before', () => {
    const { fields, view, original } = ask(
      [
        A,
        amendment('tag', 'a', { pointer: '/run/tags/team', after: 'vision' }),
        amendment('gone', 'tag', { pointer: '/data/0/licence', before: 'MIT', after: undefined as unknown as string }),
        amendment('back', 'gone', { before: 'a', after: 'ann' }),
      ].map(plain),
    );
    expect(fields.map(({ pointer, original: was, now }) => ({ pointer, was, now }))).toEqual([
      { pointer: '/run/tags/team', was: undefined, now: 'vision' },
      { pointer: '/data/0/licence', was: 'MIT', now: undefined },
    ]);
    expect(view.run.tags).toEqual({ team: 'vision' });
    expect('licence' in view.data[0]!).toBe(false);
    expect(original).toEqual(manifest);
  });

  it('sets members by their own name, whatever it is', () => {
    const { view } = ask([amendment('a', 'record', { pointer: '/run/tags/__proto__', after: 'polluted' })]);
    expect(Object.hasOwn(view.run.tags!, '__proto__')).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('escapes control characters in what it says', () => {
    const { findings } = ask([amendment('a', 'record', { person: 'be\u001b[31mn' }), amendment('b', 'record', { person: 'x\u202ey' })]);
    expect(findings[0]?.message).not.toMatch(/[\u001b\u202e]/);
  });

  it('is told in time for thousands of amendments', () => {
    const many = Array.from({ length: 1000 }, (_, at) => amendment(`m${at}`, at === 0 ? 'record' : `m${at - 1}`, { before: at === 0 ? 'ann' : `m${at - 1}` }));
    const started = performance.now();
    expect(ask(many.slice(0, 200)).kind).toBe('whole');
    expect(ask([...many.slice(0, 2), ...many.slice(3, 300)], [])).toMatchObject({ kind: 'undecided' });
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

/** Without members that say nothing. */
const plain = (one: SignedAmendment): SignedAmendment => JSON.parse(JSON.stringify(one)) as SignedAmendment;
