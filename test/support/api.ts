/** Real api processes and a real SES API for a test: started on free ports, called by HTTP, killed as the test likes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type LocalSes, startLocalSes } from '../../services/ses-local/server.ts';
import { grantedActions } from '../../services/mail/iam-policy.ts';
import { issueToken } from '../../services/runtime/token.ts';
import { requireDescribed } from './described.ts';
import { inherited } from './inherited.ts';

export const JWT_SECRET = 'a-secret-that-only-tests-know-0123456789';
export const credentials = { accessKeyId: 'LOCALTEST', secretAccessKey: 'test-only-secret-access-key' };

/** Grants what the shipped IAM policy grants and nothing else, so that every test shows that this is enough. */
export const startSes = (maxSendRate = 1000, port = 0): Promise<LocalSes> =>
  startLocalSes({ port, credentials, maxSendRate, max24HourSend: 10_000_000, granted: grantedActions });

export type Answer = Readonly<{ status: number; headers: Headers; body: Record<string, unknown>; text: string }>;

export type ApiProcess = Readonly<{
  url: string;
  metricsUrl: string;
  pid: number;
  /** All that it printed, for the hunt for what must not be there. */
  output(): string;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  kill(signal: NodeJS.Signals): Promise<number | null>;
}>;

export type CallOptions = Readonly<{ token?: string | undefined; body?: unknown; headers?: Record<string, string> }>;

/** A test asks from one IP and as few users, as no client does. */
const withoutLimits = {
  RATE_LIMIT_MAX_REQUESTS: '0',
  RATE_LIMIT_PER_SECOND: '0',
  EMAIL_RATE_LIMIT_PER_USER_HOUR: '0',
  EMAIL_RATE_LIMIT_ALL_PER_MINUTE: '0',
};

export type ApiOptions = Readonly<{
  databaseUrl: string;
  sesUrl: string;
  env?: Record<string, string>;
  /** The tree to start; this one where none is named. */
  cwd?: string;
}>;

/** The environment of an api process that listens on free ports. */
export function apiEnvironment({ databaseUrl, sesUrl, env = {} }: ApiOptions): Record<string, string> {
  return {
    ...inherited(),
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    METRICS_PORT: '0',
    DATABASE_URL: databaseUrl,
    JWT_SECRET,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    SES_ENDPOINT: sesUrl,
    SES_FROM_EMAIL: 'noreply@example.com',
    ...withoutLimits,
    ...env,
  };
}

/** Starts `node services/api/main.ts`; rejects with what it printed when it does not come up. */
export async function startApiProcess(options: ApiOptions): Promise<ApiProcess> {
  const child = spawn(process.execPath, ['services/api/main.ts'], {
    env: apiEnvironment(options),
    ...(options.cwd && { cwd: options.cwd }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
  const ports = await new Promise<{ port: number; metricsPort: number }>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the api ended with ${code}: ${lines.join('\n')}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      const { event, port, metricsPort } = JSON.parse(line) as { event: string; port: number; metricsPort: number };
      if (event === 'listening') resolve({ port, metricsPort });
    });
  });
  const url = `http://127.0.0.1:${ports.port}`;
  return {
    url,
    metricsUrl: `http://127.0.0.1:${ports.metricsPort}/metrics`,
    pid: child.pid ?? 0,
    output: () => lines.join('\n'),
    call: async (method, path, callOptions) => {
      const answer = await call(url, method, path, callOptions);
      if (!options.cwd) requireDescribed(method, path, answer);
      return answer;
    },
    kill: (signal) => kill(child, signal),
  };
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
  return child.exitCode;
}

export async function call(url: string, method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  const { token, body, headers = {} } = options;
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parse(text), text };
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

export const tokenOf = (userId: string, role?: string): Promise<string> =>
  issueToken({ secret: JWT_SECRET, userId, role, expiresIn: '1h' });

/** A UUID that reads well in a failed test: user(7). */
export const user = (n: number): string => `00000000-0000-4000-8000-${n.toString().padStart(12, '0')}`;
