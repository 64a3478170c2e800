/** TLS to the database: asked for where it is set, never given up, and verified where it is said to be. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect as connectTo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { connect, type DatabaseOptions } from '../../services/store/database.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { cert, startTlsDatabase, type TlsDatabase } from '../support/tls-database.ts';

let db: TestDatabase;
let secure: TlsDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  secure = await startTlsDatabase(db.url);
  return () => secure.close();
});
afterAll(() => db.drop());

async function ask(url: string, ssl: DatabaseOptions['ssl']): Promise<unknown> {
  const sql = connect({ url, ssl, poolMax: 1, applicationName: 'tls', statementTimeoutMilliseconds: 5000 });
  try {
    return [...(await sql`select 1 as one`)];
  } catch (error) {
    return error;
  } finally {
    await sql.end({ timeout: 0 });
  }
}

test('required: the statement goes over TLS, whoever signed the certificate', async () => {
  expect(await ask(secure.url, 'require')).toEqual([{ one: 1 }]);
  expect([secure.began, secure.logins()]).toEqual([['tls'], 1]);
});

test('to be verified: a certificate that nobody vouches for hears no login', async () => {
  expect(await ask(secure.url, 'verify')).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  expect(secure.began).toContain('tls');
  expect([secure.began.includes('plain'), secure.logins()]).toEqual([false, 0]);
});

test('off: the statement goes without', async () => {
  expect(await ask(secure.url, 'off')).toEqual([{ one: 1 }]);
  expect(secure.began).toEqual(['plain']);
});

test.each(['require', 'verify'] as const)(
  '%s: a server without TLS is refused, not spoken to in the open',
  async (ssl) => {
    expect(await ask(db.url, ssl)).toBeInstanceOf(Error);
  },
);

describe('what the URL says', () => {
  test.each(['sslmode=require', 'ssl=true'])(
    '%s: the statement goes over TLS, whatever is set beside it',
    async (said) => {
      expect(await ask(`${secure.url}?${said}`, 'off')).toEqual([{ one: 1 }]);
      expect(secure.began).toEqual(['tls']);
    },
  );

  test('sslmode=verify-full: a certificate that nobody vouches for hears no login', async () => {
    expect(await ask(`${secure.url}?sslmode=verify-full`, 'off')).toMatchObject({
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    expect([secure.began.includes('plain'), secure.logins()]).toEqual([false, 0]);
  });

  test('sslrootcert: who vouches is the file, for the name that is asked for', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'sealpost-ca-')), 'ca.pem');
    onTestFinished(() => rmSync(dirname(file), { recursive: true }));
    writeFileSync(file, cert);
    const of = (host: string) => {
      const url = new URL(secure.url);
      url.hostname = host;
      return `${url.href}?sslrootcert=${file}`;
    };
    expect(await ask(of('localhost'), 'off')).toEqual([{ one: 1 }]);
    expect(secure.began).toEqual(['tls']);
    expect(await ask(of('127.0.0.1'), 'off')).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(secure.logins()).toBe(1);
  });

  test('sslrootcert: a connection that is lost is made anew while the file is gone', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'sealpost-ca-')), 'ca.pem');
    onTestFinished(() => rmSync(dirname(file), { recursive: true, force: true }));
    writeFileSync(file, cert);
    const url = new URL(`${secure.url}?sslrootcert=${file}`);
    url.hostname = 'localhost';
    const sql = connect({
      url: url.href,
      ssl: 'off',
      poolMax: 1,
      applicationName: 'tls',
      statementTimeoutMilliseconds: 5000,
    });
    onTestFinished(() => sql.end({ timeout: 0 }));
    const [before] = await sql<[{ pid: number }]>`select pg_backend_pid() as pid`;
    rmSync(dirname(file), { recursive: true });
    await sql`select pg_terminate_backend(pg_backend_pid())`.catch(() => {});
    const [after] = await sql<[{ pid: number }]>`select pg_backend_pid() as pid`;
    expect(after.pid).not.toBe(before.pid);
  });

  test('sslmode=disable: the statement goes without', async () => {
    expect(await ask(`${secure.url}?sslmode=disable`, 'verify')).toEqual([{ one: 1 }]);
    expect(secure.began).toEqual(['plain']);
  });
});

/** A way to the same database, over this socket or address. */
async function wayAt(where: { path: string } | { host: string; port: number }): Promise<Server> {
  const { hostname: host, port } = new URL(db.url);
  const server = createServer((socket) => {
    const to = connectTo({ host, port: Number(port) });
    socket.on('error', () => to.destroy()).pipe(to);
    to.on('error', () => socket.destroy()).pipe(socket);
  });
  server.listen(where);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return server;
}
const login = () => {
  const url = new URL(db.url);
  return { at: `${url.username}:${url.password}@`, name: url.pathname, port: url.port };
};

describe('where it says', () => {
  test('the folder of a socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sealpost-socket-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    await wayAt({ path: join(folder, '.s.PGSQL.6000') });
    const { at, name } = login();
    expect(await ask(`postgres://${at}${name}?host=${folder}&port=6000`, 'off')).toEqual([{ one: 1 }]);
    expect(await ask(`postgres://${at}${encodeURIComponent(folder)}:6000${name}`, 'off')).toEqual([{ one: 1 }]);
    expect(await ask(`postgres://${at}${name}?host=${folder}&port=6001`, 'off')).toBeInstanceOf(Error);
  });

  test('an IPv6 address', async () => {
    const way = await wayAt({ host: '::1', port: 0 });
    const { at, name } = login();
    expect(await ask(`postgres://${at}[::1]:${(way.address() as AddressInfo).port}${name}`, 'off')).toEqual([
      { one: 1 },
    ]);
  });

  test('several hosts: the first that is there', async () => {
    const { at, name, port } = login();
    expect(await ask(`postgres://${at}127.0.0.1:9,127.0.0.1:${port}${name}`, 'off')).toEqual([{ one: 1 }]);
    expect(await ask(`postgres://${at}127.0.0.1:9,127.0.0.1:10${name}`, 'off')).toBeInstanceOf(Error);
  });
});
