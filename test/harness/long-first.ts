import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take minutes each: begun last, they would run alone while other workers have nothing left to do. */
const LONG = ['test/python/shim.test.ts', 'test/cli/run-scripts.test.ts', 'test/docs/guides.test.ts'];

const rank = ({ moduleId }: TestSpecification): number => {
  const at = LONG.findIndex((name) => moduleId.endsWith(name));
  return at < 0 ? LONG.length : at;
};

/** The order in which test files are begun: the longest first, the others as ever. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
