/** The api's address on this machine, by HOST and PORT. */
import { httpSettings } from '../config/http.ts';
import { type Environment, readSettings } from '../runtime/settings.ts';

/** Where the api of these settings is on this machine; wrong ones are others' to report, and the defaults serve. */
export function ownUrl(environment: Environment): string {
  const table = { HOST: httpSettings.HOST, PORT: httpSettings.PORT };
  const { HOST, PORT } = readable(() => readSettings(table, environment)) ?? readSettings(table, {});
  const host = HOST === '0.0.0.0' || HOST === '::' ? '127.0.0.1' : HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${PORT}`;
}

/** What reading gives, or undefined where the settings are wrong. */
export function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
