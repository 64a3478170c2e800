/** Runs the tests of compose.yaml's stack on a real Docker engine: one stack at a time, for each has ports 80 and 443. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/stack/**/*.test.ts'],
    globalSetup: ['test/stack/support/global-setup.ts'],
    fileParallelism: false,
    // A stack comes up in half a minute; on a machine that does other things too it may take several.
    testTimeout: 240_000,
    hookTimeout: 420_000,
  },
});
