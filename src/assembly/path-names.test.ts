import { describe, expect, it } from 'vitest';
import { isBelow, pathNames, pathOfName } from './path-names.ts';

const names = pathNames({ project: '/home/ann/model/', home: '/home/ann', python: '/home/ann/model/.venv', odd: '/' });

describe('path names', () => {
  it.each([
    ['/home/ann/model/train.py', '${project}/train.py'],
    ['/home/ann/model', '${project}'],
    ['/home/ann/modelling/x', '${home}/modelling/x'],
    ['/home/ann/model/.venv/bin/python', '${python}/bin/python'],
    ['/srv/data.csv', '/srv/data.csv'],
  ])('%s becomes %s', (path, name) => {
    expect(names.nameOf(path)).toBe(name);
    expect(pathOfName(name, names.roots)).toBe(path);
  });

  it('sees a moved place under the name it had', () => {
    const moved = pathNames({ project: '/home/ann/model' }, [{ from: '/home/ann/model', to: '/tmp/replay/work' }]);
    expect(moved.nameOf('/tmp/replay/work/train.py')).toBe('${project}/train.py');
  });

  it('does not invent a path for an unknown root', () => expect(pathOfName('${cluster}/x', {})).toBeUndefined());

  it('tells a folder from one whose name only starts alike', () => {
    expect(isBelow('/a/b/c', '/a/b')).toBe(true);
    expect(isBelow('/a/bc', '/a/b')).toBe(false);
  });
});
