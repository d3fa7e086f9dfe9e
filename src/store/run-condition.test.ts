import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trainingManifest } from '../../test/fixtures/training-manifest.ts';
import { readCondition } from './run-condition.ts';
import { type RunRecord, withReaders } from './run-record.ts';
import { summaryOf } from './run-summary.ts';
import { sortRuns } from './sort-runs.ts';

const runOf = (changes: Partial<RunRecord> = {}): RunRecord =>
  withReaders({
    ...summaryOf(trainingManifest()),
    folder: { path: '/p', name: 'n' },
    state: 'finished',
    kept: false,
    statementPath: '/p/s',
    marks: [],
    tags: { team: 'vision' },
    metrics: { accuracy: '0.93', 'val/loss': '1e-3', broken: 'NaN' },
    ...changes,
  });

const holds = (text: string, changes: Partial<RunRecord> = {}): boolean => {
  const reading = readCondition(text);
  if (reading.kind === 'rejected') throw new Error(reading.problems[0]!.message);
  return reading.value(runOf(changes));
};

describe('a condition', () => {
  it.each([
    ['metric.accuracy>0.9 and tag.team=vision and exit=0', true],
    ['metric.accuracy > 0.95', false],
    ['metric.accuracy>=0.930', true],
    ['metric.accuracy=.93', true],
    ['metric.val/loss<0.01', true],
    ['metric.broken>0', false],
    ['metric.broken<0', false],
    ['metric.broken=NaN', true],
    ['metric.none>0', false],
    ['metric.none<0', false],
    ['metric.none!=0', true],
    ['tag.team!=vision', false],
    ['tag.team', true],
    ['tag.other', false],
    ['not tag.other', true],
    ['exit=1 or tag.team=vision', true],
    ['exit=1 or exit=2', false],
    ['exit=0 and (tag.team=x or tag.team=vision)', true],
    ['not (exit=0 and tag.team=vision)', false],
    ['started>=2026-11-24', true],
    ['started<2026-11-24', false],
    ['command~TRAIN.py', true],
    ["why='baseline'", true],
    ['why="base line"', false],
    ['param.lr=0.10', true],
    ['state=finished and kind=run and kept=false', true],
    ['duration>3 and duration<4', true],
    ['exit!=0', false],
    ['tag.constructor', false],
  ])('%s: %s', (text, expected) => {
    expect(holds(text)).toBe(expected);
  });

  it.each([
    ['', 'empty'],
    ['acuracy>0.9', 'no field acuracy'],
    ['metrics.accuracy>0.9', 'no field metrics.accuracy'],
    ['constructor=1', 'no field constructor'],
    ['tag.', 'no field tag.'],
    ['exit=', 'a value is missing'],
    ['exit=0 exit=1', 'was not expected'],
    ['(exit=0', 'bracket'],
    ['exit=0)', 'not expected'],
    ['and', 'no field and'],
    ['exit=0 and', 'missing at the end'],
    ['why="x', 'not understood'],
    [`${'('.repeat(1000)}exit=0`, 'too deep'],
    [`${'not '.repeat(1000)}exit=0`, 'too deep'],
  ])('%s is refused', (text, message) => {
    const reading = readCondition(text);
    expect(reading.kind).toBe('rejected');
    if (reading.kind === 'rejected') expect(reading.problems[0]!.message).toContain(message);
  });

  it('never throws, whatever is typed', () => {
    const pieces = fc.array(fc.constantFrom('exit', '=', '0', 'and', 'or', 'not', '(', ')', ' ', '"', "'", '>', '<', '!', '~', 'tag.a', 'x'), { maxLength: 20 });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          pieces.map((words) => words.join('')),
        ),
        (text) => {
          const reading = readCondition(text);
          if (reading.kind === 'accepted') reading.value(runOf());
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('sorting', () => {
  const runs = ['0.5', undefined, '10', '9', 'NaN', '0.5'].map((accuracy, i) => runOf({ id: String(i), metrics: accuracy === undefined ? {} : { accuracy } }));
  const order = (by: string): string => {
    const reading = sortRuns(runs, by);
    return reading.kind === 'accepted' ? reading.value.map((run) => run.id).join('') : reading.problems[0]!.message;
  };

  it('compares numbers as numbers and puts runs without a value last', () => {
    expect(order('metric.accuracy')).toBe('053214');
    expect(order('-metric.accuracy')).toBe('230514');
    expect(order('-metric.nothing')).toBe('012345');
    expect(order('metrik.accuracy')).toContain('no field metrik.accuracy');
  });
});
