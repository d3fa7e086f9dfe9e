import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

it('every attack of the list has a test', () => {
  const page = readFileSync(resolve('docs/reference/attacks.md'), 'utf8');
  expect(page.match(/^\| [A-E][0-9]{2} \|/gm)?.length).toBe(48);
  expect(page.split('\n').filter((line) => line.includes('**no test**'))).toEqual([]);
});
