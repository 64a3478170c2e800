/** The tests of one room that run without a PostgreSQL and without processes: those that Stryker runs against its mutants of that room. */
import { defineConfig } from 'vitest/config';

const api =
  'admin-fields answers body client-ip cross-origin description problem client-fields token-check malformed-request'.split(
    ' ',
  );
const runtime = 'files keys log metrics password settings token'.split(' ');

/** By room, and those of other rooms that look at it too. */
const tests: Readonly<Record<string, readonly string[]>> = {
  core: ['test/core/*.test.ts'],
  config: ['test/config/*.test.ts', 'test/runtime/settings.test.ts'],
  mail: ['test/mail/*.test.ts'],
  api: api.map((name) => `test/api/${name}.test.ts`),
  runtime: [...runtime.map((name) => `test/runtime/${name}.test.ts`), 'test/config/*.test.ts'],
};

export default defineConfig({
  test: {
    include: [...(tests[process.env.ROOM ?? 'core'] ?? [])],
    exclude: [
      // They start processes or a database.
      'test/mail/iam-policy.test.ts',
      'test/mail/message-preview.test.ts',
      'test/mail/smtp-through.test.ts',
      // Slow, and the tables beside them show the same.
      'test/core/email-address-random.test.ts',
      'test/mail/smtp.test.ts',
    ],
    pool: 'forks',
    testTimeout: 20_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
