/** A real SMTP server for a test, which takes mails or misbehaves as told. */
import { text } from 'node:stream/consumers';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export type ReceivedMail = Readonly<{ to: readonly string[]; raw: string; secure: boolean }>;

export type TestSmtp = Readonly<{
  port: number;
  mails: readonly ReceivedMail[];
  /** Those that are open, to be broken off. */
  connections(): readonly Readonly<{ id: string; close(): void }>[];
  close(): Promise<void>;
}>;

/** Without options it takes every mail in clear, from anybody; `host` is where it listens. */
export async function startSmtp(options: SMTPServerOptions = {}, host = '127.0.0.1'): Promise<TestSmtp> {
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    logger: false,
    closeTimeout: 100,
    onData(stream, session, done) {
      void text(stream).then((raw) => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        mails.push({ to, raw, secure: session.secure });
        return done();
      });
    },
    ...options,
  });
  // A client that breaks off is part of the test.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.server.address() as AddressInfo;
  const open = (server as unknown as { connections: Set<{ id: string; _socket: Socket }> }).connections;
  const connections = () => [...open].map(({ id, _socket: socket }) => ({ id, close: () => void socket.destroy() }));
  return { port, mails, connections, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
