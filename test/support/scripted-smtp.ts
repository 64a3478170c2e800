/** An SMTP server that says to the letter what a test has it say, at each stage of a conversation, and remembers what it heard. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

type Stage = 'connect' | 'EHLO' | 'HELO' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'content' | 'QUIT' | 'RSET';

/** Lines without their ends; undefined: as a server that takes everything. `argument` is what follows the command, or the mail. */
export type Script = Partial<
  Record<Stage, (argument: string, socket: Socket) => string | undefined | Promise<string | undefined>>
>;

export type ScriptedSmtp = Readonly<{
  port: number;
  /** Each recipient that was named, in order. */
  asked: string[];
  /** What was taken: for whom, when by performance.now(), and the mail. */
  taken: { to: string; at: number; raw: string }[];
  /** What it says from now on. */
  say(script: Script): void;
  close(): Promise<void>;
}>;

const WELL: Record<Stage, string> = {
  connect: '220 mx.relay.test ESMTP',
  EHLO: '250-mx.relay.test\n250 ENHANCEDSTATUSCODES',
  HELO: '250 mx.relay.test',
  STARTTLS: '502 5.5.1 Not implemented',
  AUTH: '235 2.7.0 Well',
  MAIL: '250 2.1.0 Ok',
  RCPT: '250 2.1.5 Ok',
  DATA: '354 Go on',
  content: '250 2.0.0 Ok: queued as 4F5',
  QUIT: '221 2.0.0 Bye',
  RSET: '250 2.0.0 Ok',
};

/** Its server ends with the test. */
export async function startScripted(first: Script = {}): Promise<ScriptedSmtp> {
  const smtp = await openScripted(first);
  onTestFinished(() => smtp.close());
  return smtp;
}

export async function openScripted(first: Script = {}): Promise<ScriptedSmtp> {
  let script = first;
  const asked: string[] = [];
  const taken: ScriptedSmtp['taken'] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    converse(socket).catch(() => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    taken,
    say: (next) => void (script = next),
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };

  async function answer(socket: Socket, stage: Stage, argument: string): Promise<string> {
    const said = (await script[stage]?.(argument, socket)) ?? WELL[stage];
    if (said !== '' && socket.writable) socket.write(`${said.replaceAll('\n', '\r\n')}\r\n`);
    return said;
  }

  async function converse(socket: Socket): Promise<void> {
    await answer(socket, 'connect', '');
    let heard = '';
    let to = '';
    let inContent = false;
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      heard += chunk.toString();
      for (let end = heard.indexOf(inContent ? '\r\n.\r\n' : '\r\n'); end >= 0;) {
        const piece = heard.slice(0, end);
        heard = heard.slice(end + (inContent ? 5 : 2));
        if (inContent) {
          inContent = false;
          if ((await answer(socket, 'content', piece)).startsWith('2'))
            taken.push({ to, at: performance.now(), raw: piece });
        } else {
          const [, verb = '', argument = ''] = /^(\w+) ?(.*)$/.exec(piece) ?? [];
          const stage = verb.toUpperCase() as Stage;
          if (stage === 'RCPT') asked.push((to = /<(.*)>/.exec(argument)?.[1] ?? ''));
          const said = stage in WELL ? await answer(socket, stage, argument) : '';
          inContent = stage === 'DATA' && said.startsWith('354');
        }
        end = heard.indexOf(inContent ? '\r\n.\r\n' : '\r\n');
      }
    }
  }
}
