/** What is wrong with an environment, as a start would say it: a line each; empty where nothing is. */
import {
  type Environment,
  InvalidSettings,
  readSettings,
  type SettingsCheck,
  type SettingsTable,
} from '../../services/runtime/settings.ts';

export function problemsIn<T extends SettingsTable>(
  table: T,
  environment: Environment,
  check: SettingsCheck<T> = () => [],
): readonly string[] {
  try {
    readSettings(table, environment, check);
    return [];
  } catch (error) {
    if (error instanceof InvalidSettings) return error.problems;
    throw error;
  }
}
