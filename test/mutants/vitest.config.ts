/** The tests that run without a PostgreSQL and without processes: those that Stryker runs against every mutant of its own. */
import { defineConfig } from 'vitest/config';

const api = 'admin-schemas answers body client-ip cross-origin problem schemas token-check unreadable'.split(' ');
const runtime = 'files log metrics password settings token'.split(' ');

export default defineConfig({
  test: {
    include: [
      'test/core/*.test.ts',
      'test/config/*.test.ts',
      'test/mail/*.test.ts',
      ...api.map((name) => `test/api/${name}.test.ts`),
      ...runtime.map((name) => `test/runtime/${name}.test.ts`),
    ],
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
