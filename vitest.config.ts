import { defineConfig } from 'vitest/config';
import { compileCache } from './test/support/inherited.ts';

// For the workers too.
process.env.NODE_COMPILE_CACHE ??= compileCache;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They need a Docker engine: `npm run test:stack`.
    exclude: ['test/stack/**'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Its default of one second is too short for two cores that do other things too.
    expect: { poll: { timeout: 20_000 } },
  },
});
