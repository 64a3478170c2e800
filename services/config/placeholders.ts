/** Refuses, in production, the sample secrets of the deployment guide and of other people's examples. */
import type { SettingsCheck, SettingsTable } from '../runtime/settings.ts';

const PLACEHOLDER = /^(?:super_secure|secure_password_here|redis_password_here|AKIA\.\.\.|\.\.\.|change.?me|your[-_])/i;

const isPlaceholder = (text: string): boolean => PLACEHOLDER.test(text);

/** What is secret in a value: the password of a URL, else the value and the secrets of a list id:secret,id:secret. */
function secretsIn(value: string): readonly string[] {
  if (value.includes('://') && URL.canParse(value)) return [new URL(value).password];
  return [value, ...value.split(',').map((part) => part.replace(/^\s*\w+:/, ''))];
}

/** A check over a table's secrets; no problem shows the value. */
export function refusePlaceholders<T extends SettingsTable>(table: T): SettingsCheck<T> {
  return (settings) =>
    settings.NODE_ENV === 'production'
      ? Object.entries(table).flatMap(([name, { secret }]) => {
          const value: unknown = settings[name];
          const placeholder = secret && typeof value === 'string' && secretsIn(value).some(isPlaceholder);
          return placeholder ? [`${name}: this is a sample value, and production needs one of your own.`] : [];
        })
      : [];
}
