/** The names of all secrets there are. */
import { chapters } from '../config/all.ts';

/** Of the settings, in their order. */
export const secretSettings = (): readonly string[] =>
  Object.values(chapters).flatMap((table) =>
    Object.entries(table).flatMap(([name, { secret }]) => (secret ? [name] : [])),
  );

/** With those that only other programs of the stack read. */
export const secretNames = (): readonly string[] => [...secretSettings(), 'POSTGRES_PASSWORD', 'GRAFANA_PASSWORD'];
