/** Refuses, in production, the sample secrets of the deployment guide and of other people's examples. */
import type { SettingsCheck, SettingsTable } from '../runtime/settings.ts';

const PLACEHOLDER = /^(?:super_secure|secure_password_here|redis_password_here|AKIA\.\.\.|\.\.\.|change.?me|your[-_])/i;

/** A check over a table's secrets; no problem shows the value. */
export function refusePlaceholders<T extends SettingsTable>(table: T): SettingsCheck<T> {
  return (settings) =>
    settings.NODE_ENV === 'production'
      ? Object.entries(table).flatMap(([name, { secret }]) => {
          const value: unknown = settings[name];
          const placeholder = secret && typeof value === 'string' && PLACEHOLDER.test(value);
          return placeholder ? [`${name}: this is a sample value, and production needs one of your own.`] : [];
        })
      : [];
}
