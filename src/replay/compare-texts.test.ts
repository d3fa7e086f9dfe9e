import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareTexts } from './compare-texts.ts';

const window = (day: string) => ({ fromMs: Date.parse(`${day}T08:00:00Z`), toMs: Date.parse(`${day}T09:00:00Z`) });
const compare = (a: string, b: string, options = {}) => compareTexts({ text: a, window: window('2026-11-24') }, { text: b, window: window('2026-12-02') }, options);

describe('compareTexts', () => {
  it.each([
    ['elapsed times of scikit-learn', 'done in 0.123s.', 'done in 12.4s.'],
    ['train and test time', '  train time: 0.0234s\n  test time:  0.001s', '  train time: 0.0311s\n  test time:  0.002s'],
    ['cross validation', '[CV 1/3] END .......C=1;, score=0.970 total time=   0.1s', '[CV 1/3] END .......C=1;, score=0.970 total time=  10.1s'],
    ['joblib', '[Parallel(n_jobs=1)]: Done  10 out of  10 | elapsed:    0.1s finished', '[Parallel(n_jobs=1)]: Done  10 out of  10 | elapsed:    2.1min finished'],
    ['elapsed without unit', 'Elapsed time: 0.0234', 'Elapsed time: 0.0310'],
    ['JSON of times', '{"accuracy": 0.97, "fit_time": 0.0123}', '{"accuracy": 0.97, "fit_time": 0.2123}'],
    ['logging', '2026-11-24 08:10:11,123 INFO loss 0.5', '2026-12-02 08:30:01,999 INFO loss 0.5'],
    ['ISO with zone', 'at 2026-11-24T09:10:11.5+01:00 done', 'at 2026-12-02T09:10:12+01:00 done'],
    ['epoch seconds', 'start 1795509000.12', 'start 1796200200.5'],
    ['ctime', 'Tue Nov 24 08:00:01 2026', 'Wed Dec  2 08:00:09 2026'],
    ['tqdm', '100%|##########| 100/100 [00:05<00:00, 19.8it/s]', '100%|##########| 100/100 [00:07<00:00, 13.1it/s]'],
    ['tqdm with value', '100%|##| 10/10 [00:05<00:00,  1.98it/s, loss=0.5]', '100%|##| 10/10 [00:07<00:00,  1.1s/it, loss=0.5]'],
    ['Keras', '100/100 - 1s 5ms/step - loss: 0.5', '100/100 - 2s 15ms/step - loss: 0.5'],
    ['addresses', '<object at 0x7f0a12b3c4d0>', '<object at 0x7ffabcdef010>'],
    ['process ids', 'worker pid=1234 ready', 'worker pid=99 ready'],
    ['temporary paths', 'saved to /tmp/tmpab12cd_3/x', 'saved to /tmp/tmpzz12cd_4/x'],
    [
      'progress drawn more often',
      'a\r 50%|##  | 1/2 [00:01<00:01, 1.0it/s]\r100%|####| 2/2 [00:02<00:00, 1.0it/s]'.slice(2),
      ' 0%|   | 0/2 [00:00<?, ?it/s]\r100%|####| 2/2 [00:02<00:00, 1.0it/s]',
    ],
    ['wall clock of IPython', 'Wall time: 1min 3s', 'Wall time: 2min 7s'],
  ])('does not count %s', (_, a, b) => {
    expect(compare(a, b)).toMatchObject({ kind: 'volatile' });
  });

  it.each([
    ['a metric', 'accuracy 0.97', 'accuracy 0.96'],
    ['a metric behind a time', 'done in 0.1s accuracy 0.97', 'done in 0.2s accuracy 0.96'],
    ['a metric between words of statistics', 'max 0.97 min 0.12', 'max 0.96 min 0.12'],
    ['a loss in a progress bar', '100%|##| 10/10 [00:05<00:00,  1.98it/s, loss=0.5]', '100%|##| 10/10 [00:05<00:00,  1.98it/s, loss=0.6]'],
    ['a survival time', 'mean survival time: 12.3', 'mean survival time: 12.4'],
    ['dates that are data', 'first row 2019-01-03', 'first row 2019-01-04'],
    ['numbers like epochs that are data', 'id 1500000001', 'id 1500000002'],
    ['a digest', 'digest 0xdeadbeef01', 'digest 0xdeadbeef02'],
    ['numbers of lines', 'a\nb', 'a'],
    ['a step', 'step 3 loss 0.5', 'step 4 loss 0.5'],
    ['a version', 'v1.2.3', 'v1.2.4'],
    ['seconds as a name', '0.97 score', '0.96 score'],
    ['a percentage', 'acc=97.2%', 'acc=97.1%'],
    ['a signed number', 'delta -3 s1', 'delta -4 s1'],
    ['lines in another order', 'a\nb', 'b\na'],
  ])('counts %s', (_, a, b) => {
    expect(compare(a, b)).toMatchObject({ kind: 'different' });
  });

  it('lets lines of several processes change their order, but not their content', () => {
    expect(compare('a\nb', 'b\na', { anyOrder: true })).toMatchObject({ kind: 'volatile' });
    expect(compare('a\nb', 'b\nc', { anyOrder: true })).toMatchObject({ kind: 'different' });
  });

  it('knows columns of times in tables', () => {
    const header = 'mean_fit_time,mean_test_score\n';
    expect(compare(`${header}0.123,0.97`, `${header}0.456,0.97`, { separator: ',' })).toMatchObject({ kind: 'volatile' });
    expect(compare(`${header}0.123,0.97`, `${header}0.456,0.96`, { separator: ',' })).toMatchObject({ kind: 'different' });
  });

  it('takes paths of the replay for those of the record', () => {
    const side = window('2026-11-24');
    expect(
      compareTexts(
        { text: '/home/ann/model/train.py:3: Warning', window: side },
        { text: '/scratch/1/train.py:3: Warning', window: side, moved: [{ from: '/scratch/1', to: '/home/ann/model' }] },
      ),
    ).toMatchObject({ kind: 'volatile' });
  });

  it('never hides a change of a number that stands alone', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('accuracy', 'auc', 'loss', 'rmse', 'f1', 'R2', 'n', 'best score', 'mean', 'std'),
        fc.constantFrom(' ', ': ', '=', ' = '),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (name, between, a, b) => {
          fc.pre(String(a) !== String(b));
          expect(compare(`${name}${between}${a}`, `${name}${between}${b}`).kind).toBe('different');
        },
      ),
    );
  });
});
