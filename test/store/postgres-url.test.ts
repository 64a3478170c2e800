/** What a connection URL of PostgreSQL demands: obeyed, or refused by its name, and written again as it was meant. */
import { describe, expect, test } from 'vitest';
import {
  formatPostgresUrl,
  inDatabaseOf,
  parsePostgresUrl,
  PostgresUrlFault,
} from '../../services/store/postgres-url.ts';

const plain = {
  user: '',
  password: '',
  hosts: [{ host: 'h', port: 5432 }],
  database: 'd',
  ssl: undefined,
  authorities: undefined,
  options: undefined,
};

function faultOf(url: string): string {
  try {
    parsePostgresUrl(url);
    return 'none';
  } catch (error) {
    if (!(error instanceof PostgresUrlFault)) throw error;
    return error.message;
  }
}

describe('a URL', () => {
  test.each<[string, object]>([
    ['postgres://h/d', {}],
    ['postgresql://u:p@h:6/d', { user: 'u', password: 'p', hosts: [{ host: 'h', port: 6 }] }],
    ['postgres://u%40x:p%3A%2F%40@h/d', { user: 'u@x', password: 'p:/@' }],
    ['postgres://u:p@ss:w@h/d', { user: 'u', password: 'p@ss:w' }],
    ['postgres://u@h/my%20d', { user: 'u', database: 'my d' }],
    ['postgres://h', { database: '' }],
    ['postgres:///d', { hosts: [{ host: 'localhost', port: 5432 }] }],
    ['postgres://[::1]/d', { hosts: [{ host: '::1', port: 5432 }] }],
    ['postgres://[2001:db8::1]:6/d', { hosts: [{ host: '2001:db8::1', port: 6 }] }],
    ['postgres://::1/d', { hosts: [{ host: '::1', port: 5432 }] }],
    ['postgres:///d?host=::1', { hosts: [{ host: '::1', port: 5432 }] }],
    ['postgres:///d?host=/var/run/postgresql', { hosts: [{ host: '/var/run/postgresql', port: 5432 }] }],
    ['postgres:///d?host=/run&port=6', { hosts: [{ host: '/run', port: 6 }] }],
    ['postgres://u@%2Fvar%2Frun%2Fpostgresql/d', { user: 'u', hosts: [{ host: '/var/run/postgresql', port: 5432 }] }],
    [
      'postgres://a:1,b,[::1]:3/d',
      {
        hosts: [
          { host: 'a', port: 1 },
          { host: 'b', port: 5432 },
          { host: '::1', port: 3 },
        ],
      },
    ],
    [
      'postgres:///d?host=a,b&port=1,2',
      {
        hosts: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
        ],
      },
    ],
    [
      'postgres:///d?host=a,b&port=6',
      {
        hosts: [
          { host: 'a', port: 6 },
          { host: 'b', port: 6 },
        ],
      },
    ],
    ['postgres://h/x?dbname=d&user=u&password=p', { user: 'u', password: 'p' }],
    ['postgres://h/d?sslmode=disable', { ssl: 'off' }],
    ['postgres://h/d?sslmode=require', { ssl: 'require' }],
    ['postgres://h/d?sslmode=verify-full', { ssl: 'verify' }],
    ['postgres://h/d?sslmode=verify-ca', { ssl: 'verify' }],
    ['postgres://h/d?ssl=true', { ssl: 'require' }],
    ['postgres://h/d?ssl=false', { ssl: 'off' }],
    ['postgres://h/d?sslrootcert=/x.pem', { ssl: 'verify', authorities: '/x.pem' }],
    ['postgres://h/d?sslmode=require&sslrootcert=/x.pem', { ssl: 'verify', authorities: '/x.pem' }],
    ['postgres://h/d?sslrootcert=system', { ssl: 'verify' }],
    ['postgres://h/d?options=endpoint%3Dab-cd', { options: 'endpoint=ab-cd' }],
    ['postgres://h/d?schema=public&connect_timeout=10&application_name=x&channel_binding=prefer', {}],
    [
      'postgres://a,b/d?target_session_attrs=read-write',
      {
        hosts: [
          { host: 'a', port: 5432 },
          { host: 'b', port: 5432 },
        ],
      },
    ],
  ])('%s', (url, wanted) => {
    const parsed = parsePostgresUrl(url);
    expect(parsed).toEqual({ ...plain, ...wanted });
    expect(parsePostgresUrl(formatPostgresUrl(parsed))).toEqual(parsed);
  });

  const form = 'must be a URL such as postgres://user:password@host:5432/database';
  test.each<[string, string | RegExp]>([
    ['', form],
    ['h/d', form],
    ['mysql://h/d', form],
    ['postgres://h/d#x', form],
    ['postgres://[::1/d', form],
    ['postgres://h:0/d', 'must have a port from 1 to 65535'],
    ['postgres://h:65536/d', 'must have a port from 1 to 65535'],
    ['postgres://h:x/d', form],
    ['postgres://u:p%@h/d', /written as %25/],
    [`postgres://${'h,'.repeat(10)}h/d`, 'must have at most 10 hosts'],
    ['postgres:///d?host=/run,b', /folder of a socket/],
    ['postgres://h/d?sslmode=prefer', 'says sslmode=prefer: it must be disable, require or verify-full'],
    ['postgres://h/d?sslmode=allow', /sslmode=allow/],
    ['postgres://h/d?ssl=no-verify', /sslmode=no-verify/],
    ['postgres://h/d?sslmode=disable&sslrootcert=/x.pem', /makes no use of/],
    ['postgres://h/d?schema=app', /schema public/],
    ['postgres://h/d?channel_binding=require', /channel_binding=require/],
    ['postgres://h/d?pgbouncer=true', /pooler in transaction mode/],
    ['postgres://h/d?target_session_attrs=standby', 'says target_session_attrs, which is not known here: take it out'],
    ['postgres://h/d?sslcert=/c.pem', 'says sslcert, which is not known here: take it out'],
    ['postgres://h/d?sslpassword=hunter2', 'says sslpassword, which is not known here: take it out'],
    ['postgres://u:hunter2@h/d?x<y>=hunter2', 'says x?y?, which is not known here: take it out'],
  ])('%s is refused', (url, words) => {
    const fault = faultOf(url);
    if (typeof words === 'string') expect(fault).toBe(words);
    else expect(fault).toMatch(words);
    expect(fault).not.toContain('hunter2');
  });

  test('is short where it can be, and of another database keeps all the rest', () => {
    expect(formatPostgresUrl(parsePostgresUrl('postgresql://u:p@h:5432/d?sslmode=require'))).toBe(
      'postgres://u:p@h/d?sslmode=require',
    );
    expect(inDatabaseOf('postgres://u:p%40@[::1]:6/d?sslrootcert=/x%20y.pem&options=-c%20a%3Db', 'a b')).toBe(
      'postgres://u:p%40@[::1]:6/a%20b?sslmode=verify-full&sslrootcert=%2Fx%20y.pem&options=-c%20a%3Db',
    );
  });
});
