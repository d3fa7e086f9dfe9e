import { defineConfig } from 'vitest/config';
import { LongFirst } from './test/harness/long-first.ts';
import { ROOMS } from './tools/rooms.ts';

// Without 'import': Node would be told it too, and then also give modules to packages that ask for scripts.
const conditions = ['trainlock-source', 'node', 'default'];

/** Pure rooms keep nothing and touch nothing, so their tests may run in one process, which reads each module once. */
const pureTests = ROOMS.filter(({ pure }) => pure).map(({ name }) => `src/${name}/**/*.test.ts`);

const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } };
const time = { testTimeout: 120_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
    projects: [
      { ...shared, test: { ...time, name: 'pure', include: pureTests, isolate: false } },
      {
        ...shared,
        test: {
          ...time,
          name: 'whole',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'tools/**/*.test.ts', 'conformance/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...pureTests],
        },
      },
    ],
  },
});
