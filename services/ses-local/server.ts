/** Starts and stops the local SES: Amazon SES v1 for development, for a stack without AWS keys, and for tests. */
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { createApp } from './app.ts';
import { createMisbehaviour } from './behaviour.ts';
import { CERTIFICATE_PATH, createFeedback } from './feedback.ts';
import { createIdentities, type IdentitySeed } from './identities.ts';
import { createMailbox } from './mailbox.ts';
import { createPermissions } from './permissions.ts';
import { createQuota } from './quota.ts';
import { createSignatureCheck, type Credentials } from './signature.ts';
import { createStatistics } from './statistics.ts';
import { listenOn } from '../runtime/listen.ts';

export type LocalSesOptions = Readonly<{
  /** 0 takes any free port. */
  port: number;
  /** Default 127.0.0.1. The mailbox has no password: bind it wider only inside a private network. */
  host?: string;
  credentials: Credentials;
  /** Default us-east-1. */
  region?: string;
  /** Mails per second, counted per recipient. Default 200. */
  maxSendRate?: number;
  /** Mails per 24 hours, counted per recipient. Default 50,000. */
  max24HourSend?: number;
  /** Domains or addresses, verified where nothing else is said. Default: every sender is accepted. */
  identities?: readonly (string | IdentitySeed)[];
  /** The actions that the caller's IAM policy grants, such as ses:SendRawEmail. Default: all. */
  granted?: readonly string[];
  /** Where others reach /sns.pem; default: under `url`. Its name is answered beside localhost and any address. */
  certificateUrl?: string;
  /** The oldest mails beyond this many are dropped. Default 20,000. */
  messagesMax?: number;
  /** Milliseconds since 1970, for quota, statistics and arrival; signatures go by the real clock. Default Date.now. */
  now?: () => number;
}>;
export type LocalSes = Readonly<{
  url: string;
  port: number;
  /** Reports deliveries, bounces and complaints to this URL from now on, as SNS would. */
  reportTo(url: string): void;
  /** Breaks every open connection, also one that waits for an answer, and resolves when the port is free. */
  close(): Promise<void>;
}>;

const bounds = { maxHeaderSize: 16 * 1024, headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 65_000 };
const CONNECTIONS_MAX = 4096;

/** Resolves when it listens; rejects with CannotListen when it cannot. */
export async function startLocalSes(options: LocalSesOptions): Promise<LocalSes> {
  const { port, host = '127.0.0.1', credentials, region = 'us-east-1', now = Date.now } = options;
  const { maxSendRate = 200, max24HourSend = 50_000, messagesMax = 20_000 } = options;
  let url = '';
  const account = {
    region,
    mailbox: createMailbox(messagesMax),
    quota: createQuota({ maxSendRate, max24HourSend }),
    statistics: createStatistics(),
    identities: createIdentities(options.identities),
    misbehaviour: createMisbehaviour(),
    permissions: createPermissions(options.granted),
    feedback: createFeedback(() => options.certificateUrl ?? `${url}${CERTIFICATE_PATH}`),
  };
  const hostNames = options.certificateUrl ? [new URL(options.certificateUrl).hostname] : [];
  const app = createApp({ account, checkSignature: createSignatureCheck(credentials, region), now }, hostNames);
  // Without createServer the adaptor makes a plain HTTP/1 server, which is what the type cannot say.
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions: bounds }) as Server;
  server.maxConnections = CONNECTIONS_MAX;
  const bound = await listenOn(server, { host, port }, { port: 'MAILBOX_PORT' });
  url = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
  return {
    url,
    port: bound,
    reportTo: account.feedback.reportTo,
    close: () =>
      new Promise((resolve) => {
        account.feedback.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
