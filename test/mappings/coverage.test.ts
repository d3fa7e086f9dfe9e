import { describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import { alcoaLetters, type CaseFacts, coverClauses, type CoverageState, readMapping } from '#evidence';
import { nodeCrypto } from '#files';
import { caseFacts, replayFact, verdictWith } from '../fixtures/case-facts.ts';
import { mappingOf, mappingText } from '../fixtures/mappings.ts';
import { edited, trainingManifest } from '../fixtures/training-manifest.ts';

const manifestWith = (edits: Readonly<Record<string, unknown>>): Partial<CaseFacts> => ({ manifest: edited(trainingManifest(), edits) });
const given = {
  person: 'ben',
  role: 'approver-data',
  meaning: 'approval',
  reason: 'x',
  approvedAt: '2026-11-24T10:00:00.000Z',
  isSigned: true,
  counts: true,
  evidence: { file: 'a.json' },
};
const approval = {
  kind: 'asked',
  baseline: { runId: 'one', manifestSha256: 'a' },
  decision: 'allowed',
  because: ['rule x is satisfied'],
  hasRules: true,
  isSolo: false,
  given: [given],
} as const;
const review = { ...approval, decision: 'undecided', given: [{ ...given, meaning: 'review', counts: false, because: 'it is a review, and decides nothing' }] } as const;
const DECLARED = { '/capture/origins': { '': 'captured', '/model': 'declared' } };

describe('coverClauses', () => {
  it.each<[string, string, Partial<CaseFacts>, CoverageState, RegExp]>([
    ['a place that was seen', '{ record: /code/files }', {}, 'evidenced', /is recorded/],
    ['a place that was declared', '{ record: /model/owner }', manifestWith(DECLARED), 'human-statement', /declared by a person/],
    ['a place that is not there', '{ record: /model/tier }', {}, 'not-evidenced', /not in the record/],
    ['an empty list', '{ record: /code/files }', manifestWith({ '/code/files': [] }), 'not-evidenced', /not in the record/],
    ['an unknown word', '{ record: /code/repository/kind }', manifestWith({ '/code/repository': { kind: 'unknown' } }), 'not-evidenced', /not in the record/],
    ['no data at all', '{ record: /data/*/origin }', manifestWith({ '/data': [] }), 'not-evidenced', /not in the record/],
    ['a place beside a gap', '{ record: /dependencies/distributions }', manifestWith({ '/capture/gaps': [{ about: '/dependencies', reason: 'no hook' }] }), 'partial', /no hook/],
    ['a gap below it', '{ record: /dependencies }', manifestWith({ '/capture/gaps': [{ about: '/dependencies/lock', reason: 'no lock' }] }), 'partial', /no lock/],
    ['something imported', '{ record: /code/files }', manifestWith({ '/capture/origins': { '': 'imported' } }), 'partial', /imported, and not seen/],
    [
      'one item of two',
      '{ record: /data/*/licence }',
      manifestWith({ '/data': [{ ...trainingManifest().data[0], licence: 'MIT' }, { ...trainingManifest().data[0] }] }),
      'partial',
      /1 of 2/,
    ],
    ['a record without a signature', '{ record: /code/files }', { verdict: verdictWith({ signature: 'unknown' }) }, 'partial', /no signature that counts/],
    ['a broken signature', '{ record: /code/files }', { verdict: verdictWith({ signature: 'broken' }) }, 'not-evidenced', /does not hold: signature/],
    ['a key that was revoked', '{ record: /code/files }', { verdict: verdictWith({ trust: 'broken' }) }, 'not-evidenced', /does not hold: trust/],
    ['a broken proof of the log', '{ shown: kept }', { isKept: true, verdict: verdictWith({ log: 'broken' }) }, 'not-evidenced', /does not hold: log/],
    ['other data, which breaks no record', '{ record: /code/files }, { check: data }', { verdict: verdictWith({ data: 'broken' }) }, 'partial', /data was looked at/],
    ['a check that held', '{ check: log }', {}, 'evidenced', /log/],
    ['a check that nobody asked', '{ check: data }', { verdict: verdictWith({ data: 'not-asked' }) }, 'not-evidenced', /data/],
    ['a replay', '{ shown: replay }', { replays: [replayFact()] }, 'evidenced', /bit-identical/],
    ['a replay by the same person', '{ shown: independent-replay }', { replays: [replayFact()] }, 'not-evidenced', /no replay is signed by a person/],
    ['a replay by another', '{ shown: independent-replay }', { replays: [replayFact({ isIndependent: true })] }, 'evidenced', /who did not sign the run/],
    ['an approval', '{ shown: approval }', { approval }, 'evidenced', /approved by ben/],
    ['an approval where one person does everything', '{ shown: approval }', { approval: { ...approval, isSolo: true } }, 'human-statement', /one person/],
    ['an approval that does not suffice', '{ shown: approval }', { approval: { ...approval, decision: 'undecided' } }, 'not-evidenced', /approval/],
    ['a review', '{ shown: review }', { approval: review }, 'human-statement', /signed by ben/],
    ['a review of nobody', '{ shown: review }', { approval: { ...review, given: [{ ...review.given[0], isSigned: false }] } }, 'not-evidenced', /nobody whose key counts/],
    ['no policy', '{ shown: policy }', {}, 'not-evidenced', /no policy/],
    ['a record that git keeps', '{ shown: kept }', { isKept: true }, 'evidenced', /git keeps/],
    ['criteria that came first', '{ shown: criteria-first }', {}, 'evidenced', /before any result/],
    ['criteria that came late', '{ shown: criteria-first }', manifestWith({ '/evaluation/declaredAt': '2027-01-01T00:00:00Z' }), 'not-evidenced', /after a result/],
    ['no criteria', '{ shown: criteria-first }', manifestWith({ '/evaluation/criteria': [] }), 'not-evidenced', /no criteria/],
    ['one of two needs', '{ check: log }, { shown: policy }', {}, 'partial', /^there is no policy/],
    ['something seen and something stated', '{ check: log }, { record: /model/owner }', manifestWith(DECLARED), 'human-statement', /declared/],
  ])('says what %s is worth', (_, needs, changes, state, because) => {
    const [clause] = coverClauses(mappingOf(`{ clause: "1", asks: x, needs: [${needs}] }`), caseFacts(changes)).clauses;
    expect(clause!.state).toBe(state);
    expect(clause!.because[0]).toMatch(because);
    expect(clause!.evidence.length > 0).toBe(state !== 'not-evidenced');
  });

  it('never goes beyond what a clause asks for, and shows nothing for one without needs', () => {
    expect(coverClauses(mappingOf('{ clause: "1", asks: x, needs: [{ check: log }], beyond: y }'), caseFacts()).clauses[0]).toMatchObject({ state: 'partial', beyond: 'y' });
    expect(coverClauses(mappingOf('{ clause: "1", asks: x, beyond: y }'), caseFacts()).clauses[0]).toMatchObject({ state: 'not-evidenced', because: [], evidence: [] });
  });

  it('points at the bytes', () => {
    const facts = caseFacts();
    expect(coverClauses(mappingOf('{ clause: "1", asks: x, needs: [{ record: /data/*/origin }] }'), facts).clauses[0]!.evidence).toEqual([
      { ...facts.files.statement, pointer: '/predicate/data/0/origin' },
    ]);
  });
});

describe('readMapping', () => {
  const problemsOf = (text: string): string => {
    const reading = readMapping(utf8(text), nodeCrypto);
    return reading.kind === 'accepted' ? 'accepted' : reading.problems.map(({ line, pointer, message, hint = '' }) => `${line}: ${pointer} ${message} ${hint}`.trim()).join('\n');
  };

  it.each([
    [
      'a place that no manifest has',
      mappingText('{ clause: "1", asks: x, needs: [{ record: /data/*/orign }] }'),
      /^6: \/clauses\/0\/needs\/0\/record a manifest has no place \/data\/\*\/orign did you mean \/data\/\*\/origin\?$/,
    ],
    ['a source that is not there', mappingText('{ clause: "1", asks: x, sources: [a], needs: [{ check: log }] }'), /there is no source a/],
    ['a clause that says nothing', mappingText('{ clause: "1", asks: x }'), /says neither/],
    ['a clause twice', mappingText('{ clause: "1", asks: x, beyond: y }\n  - { clause: "1", asks: z, beyond: y }'), /stands here a second time/],
    ['a key that is not known', mappingText('{ clause: "1", asks: x, needz: [] }'), /needz/],
    ['a check that there is not', mappingText('{ clause: "1", asks: x, needs: [{ check: signatures }] }'), /signature/],
    ['two needs in one', mappingText('{ clause: "1", asks: x, needs: [{ check: log, shown: replay }] }'), /\/clauses\/0\/needs\/0/],
    ['a need of nothing', mappingText('{ clause: "1", asks: x, needs: [{}] }'), /\/clauses\/0\/needs\/0/],
    ['a later map as the earlier one', mappingText('{ clause: "1", asks: x, beyond: y }', 'supersedes: example@2027-01-01\n'), /not an earlier map/],
    ['a map of something else', mappingText('{ clause: "1", asks: x, beyond: y }', 'supersedes: other@2020-01-01\n'), /not an earlier map/],
    ['a state that somebody wrote into it', mappingText('{ clause: "1", asks: x, beyond: y, state: evidenced }'), /state/],
    ['an alias', mappingText('{ clause: &a "1", asks: *a, beyond: y }'), /alias|anchor/],
  ])('refuses %s', (_, text, message) => {
    expect(problemsOf(text)).toMatch(message);
  });
});

describe('alcoaLetters', () => {
  const statesOf = (changes: Partial<CaseFacts>): string =>
    alcoaLetters(caseFacts(changes))
      .map(({ letter, state }) => `${letter}:${state}`)
      .join(' ');

  it.each<[string, Partial<CaseFacts>, string]>([
    ['everything there', { isKept: true, replays: [replayFact()] }, 'A:pass L:pass C:pass O:pass A:pass C:pass C:pass E:pass A:pass'],
    ['nothing beside the record', {}, 'A:pass L:pass C:pass O:pass A:not-checked C:pass C:pass E:not-checked A:pass'],
    [
      'no signature, no time, no log',
      { verdict: verdictWith({ signature: 'unknown', trust: 'unknown', time: 'unknown', log: 'unknown' }) },
      'A:not-checked L:pass C:not-checked O:pass A:not-checked C:not-checked C:pass E:not-checked A:pass',
    ],
    ['a run without outputs', manifestWith({ '/outputs': [] }), 'A:pass L:pass C:pass O:pass A:not-applicable C:pass C:pass E:not-checked A:pass'],
    ['a gap', manifestWith({ '/capture/gaps': [{ about: '/data', reason: 'native' }] }), 'A:pass L:pass C:pass O:pass A:not-checked C:fail C:pass E:not-checked A:pass'],
    [
      'times that are not in order',
      manifestWith({ '/run/finishedAt': '2026-11-24T07:00:00.000Z' }),
      'A:pass L:pass C:pass O:pass A:not-checked C:pass C:fail E:not-checked A:pass',
    ],
    [
      'stored bytes that are gone, another view and other outputs',
      { verdict: verdictWith({ objects: 'broken', view: 'broken', outputs: 'broken' }) },
      'A:pass L:fail C:pass O:pass A:fail C:pass C:pass E:fail A:fail',
    ],
    ['a replay that differs', { replays: [replayFact({ outcome: 'different' })] }, 'A:pass L:pass C:pass O:pass A:fail C:pass C:pass E:not-checked A:pass'],
  ])('judges %s', (_, changes, states) => {
    expect(statesOf(changes)).toBe(states);
  });
});
