/** What is wrong with an environment, as a start would say it: a line each; empty where nothing is. */
import {
  type Environment,
  InvalidSettings,
  readSettings,
  type SettingsCheck,
  type SettingsTable,
} from '../../services/runtime/settings.ts';

/** The fewest settings that an api starts with. */
export const goodSettings = {
  JWT_SECRET: 'a-secret-that-is-long-enough-0123456789',
  AWS_ACCESS_KEY_ID: 'AKIATEST',
  AWS_SECRET_ACCESS_KEY: 'test',
  SES_FROM_EMAIL: 'noreply@example.com',
};

export function problemsIn<T extends SettingsTable>(
  table: T,
  environment: Environment,
  check: SettingsCheck<T> = () => [],
): readonly string[] {
  return problemsOf(() => readSettings(table, environment, check));
}

/** What is wrong with what is read here. */
export function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof InvalidSettings) return error.problems;
    throw error;
  }
}
