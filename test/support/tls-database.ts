/** A PostgreSQL that speaks TLS with a certificate nobody vouches for: a proxy before the one of the tests. */
import { connect, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

// For localhost, signed by itself, made for this test and used nowhere else.
export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgn6hpHJqkENq4IxXW
d0OL8Qmhe6n9jZ0osc8CTnlwF0KhRANCAAS06iO4jAAJLRaR7W2rtmYimhQ7LSfX
TqwdhheEmjQGhu+X3mABFVSofBGzoYTQ6Gs2OWK85oLuJOtY29UZiTpO
-----END PRIVATE KEY-----`;
export const cert = `-----BEGIN CERTIFICATE-----
MIIBgDCCASWgAwIBAgIUabbpNYUJiIlSNf9ifJAVfQPk1jAwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNzExMDQyOVoYDzIxMjYxMTAz
MTEwNDI5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAS06iO4jAAJLRaR7W2rtmYimhQ7LSfXTqwdhheEmjQGhu+X3mABFVSo
fBGzoYTQ6Gs2OWK85oLuJOtY29UZiTpOo1MwUTAdBgNVHQ4EFgQUaxKOi02Qkstc
m3jdj1iNCQWO66cwHwYDVR0jBBgwFoAUaxKOi02Qkstcm3jdj1iNCQWO66cwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAiXb6BLQ5hMaZDq/MG1XW
7Eg+DJfofdM6CFFWLapS37ACIQDnMUfPycbOjowu//k5gP5Ya8419pF1ki9CcS8x
m0G1fg==
-----END CERTIFICATE-----`;

const SSL_REQUEST = 80_877_103;

export type TlsDatabase = Readonly<{
  url: string;
  /** How each connection began: it asked for TLS, or not. */
  began: readonly ('tls' | 'plain')[];
  /** Connections whose first words, the login's name, came through. */
  logins: () => number;
  close(): void;
}>;

export async function startTlsDatabase(databaseUrl: string): Promise<TlsDatabase> {
  const target = new URL(databaseUrl);
  const began: ('tls' | 'plain')[] = [];
  const open = new Set<Socket>();
  let logins = 0;
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.once('data', (first: Buffer) => {
      const asks = first.length === 8 && first.readInt32BE(4) === SSL_REQUEST;
      began.push(asks ? 'tls' : 'plain');
      if (!asks) return pass(socket, first);
      socket.write('S');
      const secure = new TLSSocket(socket, { isServer: true, key, cert });
      secure.on('error', () => socket.destroy());
      secure.once('data', (words: Buffer) => pass(secure, words));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = new URL(databaseUrl);
  url.port = String(typeof address === 'object' ? address?.port : '');
  return {
    url: url.href,
    began,
    logins: () => logins,
    close: () => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };

  function pass(from: Socket, words: Buffer): void {
    logins++;
    const to = connect(Number(target.port), target.hostname);
    open.add(to);
    to.on('error', () => from.destroy());
    from.on('error', () => to.destroy());
    to.write(words);
    from.pipe(to).pipe(from);
  }
}
