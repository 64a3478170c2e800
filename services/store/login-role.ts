/** Makes the roles that programs log in with: the password as given, the rights those of sealpost_app, or to replicate and no other. */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { driverOptions } from './driver.ts';

export type Login = Readonly<{ name: string; password: string }>;

const ITERATIONS = 4096;

/** Safe to run twice; a changed password is changed. Throws the server's error where the admin may not make roles. */
export async function ensureLogin(
  adminUrl: string,
  { name, password }: Login,
  may: 'work' | 'replicate' = 'work',
): Promise<void> {
  const sql = postgres({ ...driverOptions(adminUrl), max: 1, fetch_types: false, onnotice: () => {} });
  try {
    await sql`
      select
        set_config('sealpost.login', ${name}, false),
        set_config('sealpost.verifier', ${scramVerifier(password)}, false),
        set_config('sealpost.may', ${may}, false)
    `;
    await sql`
      do $$
      declare
        login text := current_setting('sealpost.login');
      begin
        if not exists (select from pg_roles where rolname = login) then
          execute format('create role %I', login);
        end if;
        execute format('alter role %I login password %L', login, current_setting('sealpost.verifier'));
        if current_setting('sealpost.may') = 'replicate' then
          execute format('alter role %I replication', login);
        else
          execute format('grant sealpost_app to %I', login);
        end if;
      end;
      $$
    `;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** What PostgreSQL keeps of a password (RFC 5803), made here so that the password itself is in no statement and no log. */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, ITERATIONS, 32, 'sha256');
  const key = (label: string): Buffer => createHmac('sha256', salted).update(label).digest();
  const storedKey = createHash('sha256').update(key('Client Key')).digest('base64');
  const serverKey = key('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
