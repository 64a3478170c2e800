/** The settings of the receiver of the WAL. */
import { toolPlace } from '../backup/tool.ts';
import { databaseSettings } from '../config/database.ts';
import { httpSettings } from '../config/http.ts';
import { logSettings } from '../config/log.ts';
import { walOptions, walSettings } from '../config/wal.ts';
import { type Environment, InvalidSettings, readSettings } from '../runtime/settings.ts';

export const receiverSettings = {
  METRICS_HOST: httpSettings.METRICS_HOST,
  METRICS_PORT: httpSettings.METRICS_PORT,
  DB_HOST: databaseSettings.DB_HOST,
  DB_PORT: databaseSettings.DB_PORT,
  DB_NAME: databaseSettings.DB_NAME,
  DB_SSL: databaseSettings.DB_SSL,
  ...logSettings,
  ...walSettings,
};

export type ReceiverConfig = ReturnType<typeof readReceiverConfig>;

/** Throws InvalidSettings with every problem at once. */
export function readReceiverConfig(environment: Environment) {
  const settings = readSettings(receiverSettings, environment);
  const wal = walOptions(settings);
  if (!wal) {
    throw new InvalidSettings(['WAL_DIR and BACKUP_DB_PASSWORD: the receiver needs both, and a database by DB_HOST.']);
  }
  return {
    metricsHost: settings.METRICS_HOST,
    metricsPort: settings.METRICS_PORT,
    wal,
    tools: toolPlace(environment),
    log: { level: settings.LOG_LEVEL, file: settings.LOG_FILE },
  };
}
