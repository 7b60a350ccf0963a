import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/**
 * Unit tests may share the machine; the others start processes of their own and run one after the other.
 *
 * Time limits end what hangs. They are no assertion: a slow machine that is busy as well takes many times as long.
 */
export default defineConfig({
  test: {
    // Tests end processes on purpose: their reports are nobody's.
    env: { PRETEXT_CRASH_REPORTS: join(tmpdir(), 'pretext-test-crash-reports') },
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
        },
      },
    ],
  },
});
