import { defineConfig } from 'vitest/config';

const conditions = ['trainlock-source', 'node', 'default'];

/** The tests of the rooms that decide, for mutation testing: each change of their code must make one of these fail. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { include: ['src/{approval,gate}/**/*.test.ts'], maxWorkers: 1, testTimeout: 60_000, env: { TRAINLOCK_MUTATION: '1' } },
});
