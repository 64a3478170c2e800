/** `npm start` in a test: on free ports, in a folder of its own, as a person starts it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { inherited } from './inherited.ts';

export type Started = Readonly<{
  child: ChildProcess;
  environment: Readonly<Record<string, string>>;
  output(): string;
  stop(signal: NodeJS.Signals): Promise<number | null>;
}>;

/** A pg_dump too old for backups, as most machines have. */
const oldTools = join(import.meta.dirname, 'old-tools');

const READY_MILLISECONDS = 40_000;

/** Below the ports that the system gives to whoever asks for any, so that nobody takes it before it is used. */
const [PORT_MIN, PORT_MAX] = [12_000, 30_000];

export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORT_MIN, PORT_MAX);
    // The scheduler's metrics are on the next one.
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Free ports and the folder as `npm start` takes them; nothing else of this process's environment but PATH and HOME. */
export async function localEnvironment(folder: string): Promise<Record<string, string>> {
  const metrics = await freePort();
  return {
    ...inherited(),
    PATH: `${oldTools}:${process.env.PATH}`,
    HOME: process.env.HOME ?? '',
    SEALPOST_DATA: folder,
    PORT: String(await freePort()),
    MAILBOX_PORT: String(await freePort()),
    METRICS_PORT: String(metrics),
  };
}

/** Starts the entry of `npm start` and waits until it says that it is ready. */
export async function startLocalProcess(environment: Record<string, string>): Promise<Started> {
  const args = ['--import', './services/runtime/node-version.js', 'services/local/main.ts'];
  const child = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const ready = Promise.withResolvers<void>();
  const listen = (chunk: Buffer): void => {
    text += chunk.toString();
    if (text.includes('Ctrl-C stops everything')) ready.resolve();
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  child.once('exit', (code) => ready.reject(new Error(`it ended with ${code}: ${text}`)));
  const late = setTimeout(() => ready.reject(new Error(`not ready: ${text}`)), READY_MILLISECONDS);
  await ready.promise.finally(() => clearTimeout(late));
  return {
    child,
    environment,
    output: () => text,
    stop: async (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
      return child.exitCode;
    },
  };
}
