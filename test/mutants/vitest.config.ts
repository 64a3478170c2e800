/** The tests that run without a PostgreSQL and without processes: those that Stryker runs against every mutant of its own. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/core/**/*.test.ts'],
    // Slow, and the table beside them shows the same.
    exclude: ['test/core/email-address-random.test.ts'],
    pool: 'forks',
    testTimeout: 20_000,
  },
});
