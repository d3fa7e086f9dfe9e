import { utf8 } from '#base';
import { coverClauses, readMapping, readReplayOutcome } from '#evidence';
import { nodeCrypto } from '#files';
import { caseFacts, verdictWith } from '../../fixtures/case-facts.ts';
import { mappingText } from '../../fixtures/mappings.ts';
import { placeCard } from '../../../src/flows/model-card/place-card.ts';
import { anyText, checkReading, demand, demandSame, readingTarget, type Target } from '../engine/target.ts';

const NOTE = {
  schema: 'https://trainlock.dev/schema/replay-outcome/v0',
  of: { run: '1f0c7e52-3a44-4b8e-9d52-6f3f1b2a9c01', manifestSha256: 'a'.repeat(64) },
  replay: { id: '2f0c7e52-3a44-4b8e-9d52-6f3f1b2a9c02', folder: '/tmp/replay', manifestSha256: 'b'.repeat(64) },
  outcome: { kind: 'identical', because: ['3 outputs identical'], outputs: [], extra: [], metrics: [] },
};

const outcome: Target = readingTarget('replay-outcome', 'json', {
  seeds: () => [NOTE, { ...NOTE, outcome: { kind: 'perfect' } }].map((note) => utf8(JSON.stringify(note))),
  read: readReplayOutcome,
  holds: ({ of, replay, because }) => {
    demand(
      [of.manifestSha256, replay.manifestSha256].every((digest) => /^[0-9a-f]{64}$/.test(digest)),
      'a digest that is none',
    );
    demand(because.length <= 20, 'reasons without end');
  },
});

/** YAML is read by a library that is not ours. Unit: millisecond. */
const SLOW_MS = 10_000;
const SEEN = caseFacts();
const BROKEN = caseFacts({ verdict: verdictWith({ signature: 'broken' }) });

const mapping: Target = readingTarget('mapping', 'lines', {
  slowMs: SLOW_MS,
  seeds: () =>
    [
      mappingText('{ clause: "1", asks: x, needs: [{ record: /data/*/origin }, { check: log }, { shown: replay }], commands: [trainlock show RUN] }'),
      mappingText('{ clause: "1", asks: x, sources: [a], beyond: y }', 'supersedes: example@2020-01-01\nsources: { a: { title: b, says: c } }\n'),
    ].map(utf8),
  read: (bytes) => readMapping(bytes, nodeCrypto),
  holds: (value) => {
    for (const { needs, beyond, state } of coverClauses(value, SEEN).clauses.map((clause, at) => ({ ...value.clauses[at]!, ...clause }))) {
      demand(needs !== undefined || (beyond !== undefined && state === 'not-evidenced'), 'something is evidenced for which nothing is needed');
      demand(beyond === undefined || state !== 'evidenced', 'a clause is evidenced that asks for more');
    }
    demand(
      coverClauses(value, BROKEN).clauses.every(({ state }) => state === 'not-evidenced'),
      'a record that does not hold is evidence',
    );
  },
});

const PARTS = { metadata: new Map([['license', ['license: "mit"']] as const]), body: 'ours' };
const CARD = '---\nlanguage: en # theirs\n# trainlock:begin\nlicense: "x"\n# trainlock:end\n---\n# Model\n<!-- trainlock:begin -->\nold\n<!-- trainlock:end -->\n';

/** What is written once is the same when it is written again. */
const card: Target = {
  name: 'model-card',
  grammar: 'lines',
  slowMs: SLOW_MS,
  seeds: () => [CARD, '---\na: |\n  x\n---\n', '# Model\r\n'].map(utf8),
  run: (bytes) =>
    checkReading(
      (input) => placeCard(anyText(input), PARTS),
      bytes,
      (value) => demandSame(placeCard(value.text, PARTS), { kind: 'accepted', value }, 'a card changes when it is written again'),
    ),
};

export const REPORTS: readonly Target[] = [outcome, mapping, card];
