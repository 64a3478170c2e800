/** The scheduler's settings: what is wrong with them is told at once, and no sample secret runs in production. */
import { expect, test } from 'vitest';
import { InvalidSettings } from '../../services/runtime/settings.ts';
import { readSchedulerConfig } from '../../services/scheduler/config.ts';

const sample = {
  JWT_SECRET: 'super_secure_jwt_secret_for_production_use_256_bits',
  DB_PASSWORD: 'secure_password_here',
};

const problemsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readSchedulerConfig(environment);
    return [];
  } catch (error) {
    return error instanceof InvalidSettings ? error.problems : [String(error)];
  }
};

test('the guide’s sample secrets are refused in production, each by name and none with its value', () => {
  const found = problemsOf({ ...sample, NODE_ENV: 'production' });
  expect(found.map((problem) => problem.split(':')[0])).toEqual(['DB_PASSWORD', 'JWT_SECRET']);
  expect(found.join()).not.toMatch(/super_secure|secure_password/);
  expect(problemsOf({ ...sample, NODE_ENV: 'development' })).toEqual([]);
});
