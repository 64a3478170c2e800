/** What the checks look at: settings, database, SES account and DNS, each opened once and when first needed. */
import { databaseOptions, databaseSettings } from '../../config/database.ts';
import { doctorSettings } from '../../config/doctor.ts';
import { mailSettings, sesOptions } from '../../config/mail.ts';
import {
  createSesAccount,
  identitiesFor,
  type Identity,
  type SendQuota,
  type SesAccount,
} from '../../mail/ses-account.ts';
import type { SesOptions } from '../../mail/ses.ts';
import {
  type Environment,
  InvalidSettings,
  readSettings,
  type SettingsOf,
  type SettingsTable,
} from '../../runtime/settings.ts';
import { connect, type Sql } from '../../store/database.ts';
import { assertSchema } from '../../store/migrate.ts';
import { ping } from '../../store/queries.ts';
import { NotChecked } from './finding.ts';
import { createLookup, type DnsLookup } from './dns-lookup.ts';

export type DoctorContext = Readonly<{
  environment: Environment;
  production: boolean;
  /** Address of the api to ask; undefined: it need not run yet. */
  apiUrl: string | undefined;
  /** The settings of a table. Throws NotChecked where one is wrong, which the check of the settings explains. */
  settings<T extends SettingsTable>(table: T): SettingsOf<T>;
  mail(): SesOptions;
  /** The database, once it answered. Rejects with the error of the first attempt. */
  database(): Promise<Sql>;
  /** The same with this program's schema. Throws NotChecked where it does not answer, or has another one. */
  schema(): Promise<Sql>;
  ses(): SesAccount;
  /** Throws SesFailure, as do the senders. */
  quota(): Promise<SendQuota>;
  /** The sender's address, its domain and those above it, as far as SES knows them; nearest first. */
  senders(): Promise<readonly Identity[]>;
  dns(): DnsLookup;
  close(): Promise<void>;
}>;

const ANSWER_MILLISECONDS_MAX = 3000;

export function createContext(environment: Environment, apiUrl: string | undefined): DoctorContext {
  const closing: (() => void | Promise<void>)[] = [];
  const mail = once(() => sesOptions(settings(mailSettings)));
  const database = once(async () => {
    const options = databaseOptions(settings(databaseSettings), 'sealpost-doctor');
    const sql = connect({ ...options, poolMax: 3, statementTimeoutMilliseconds: ANSWER_MILLISECONDS_MAX });
    closing.push(() => sql.end({ timeout: 1 }));
    await ping(sql);
    return sql;
  });
  const schema = once(async () => {
    const sql = await database().catch(() => notChecked('the database does not answer'));
    await assertSchema(sql).catch(() => notChecked("its schema is not this program's"));
    return sql;
  });
  const ses = once(() => {
    const account = createSesAccount(mail());
    closing.push(account.close);
    return account;
  });
  const dns = once(() => {
    const lookup = createLookup(settings(doctorSettings).DNS_SERVERS);
    closing.push(lookup.close);
    return lookup;
  });
  return {
    environment,
    production: environment.NODE_ENV === 'production',
    apiUrl,
    settings,
    mail,
    database,
    schema,
    ses,
    quota: once(async () => ses().quota()),
    senders: once(async () => ses().identities(identitiesFor(mail().fromEmail))),
    dns,
    close: async () => {
      await Promise.allSettled(closing.map(async (close) => close()));
    },
  };

  function settings<T extends SettingsTable>(table: T): SettingsOf<T> {
    try {
      return readSettings(table, environment);
    } catch (error) {
      if (error instanceof InvalidSettings) return notChecked('its settings are wrong');
      throw error;
    }
  }
}

function notChecked(why: string): never {
  throw new NotChecked(why);
}

/** The first call's result for every call, also where it is a failure. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
