/** A DNS server of a test's own on 127.0.0.1: TXT and CNAME records from a table, and everything else has none (RFC 1035). */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** Records by name and type, such as `{ 'example.test TXT': ['v=spf1 -all'] }`. A name with none is NXDOMAIN. */
export type Zone = Readonly<Record<string, readonly string[]>>;

export type DnsServer = Readonly<{
  /** As DNS_SERVERS takes it. */
  address: string;
  /** Every question so far, such as "example.test TXT". */
  asked: readonly string[];
  close(): Promise<void>;
}>;

const types: Readonly<Record<number, string>> = { 5: 'CNAME', 16: 'TXT' };
const HEADER_BYTES = 12;

export async function startDnsServer(zone: Zone): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (message, { port, address }) => {
    const { name, type, end } = readQuestion(message);
    const question = `${name} ${types[type] ?? type}`;
    asked.push(question);
    const answers = (zone[question] ?? []).map((value) => record(type, value));
    socket.send(answerTo(message.subarray(0, end), answers), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

function readQuestion(message: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 };
}

// The question comes back with the flags of an answer: no error, or NXDOMAIN where there is none.
function answerTo(question: Buffer, answers: readonly Buffer[]): Buffer {
  const head = Buffer.from(question);
  head.writeUInt16BE(answers.length > 0 ? 0x8580 : 0x8583, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(answers.length, 6);
  head.writeUInt32BE(0, 8);
  return Buffer.concat([head, ...answers]);
}

// The name is a pointer to the question's, the class is IN, the time to live 60 seconds.
function record(type: number, value: string): Buffer {
  const data = type === 16 ? strings(value) : nameOf(value);
  const head = Buffer.alloc(HEADER_BYTES);
  head.writeUInt16BE(0xc0_0c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

/** A text in strings of at most 100 bytes, so that a longer one comes in several, as real ones do. */
function strings(value: string): Buffer {
  const parts = value.match(/.{1,100}/gs) ?? [''];
  return Buffer.concat(parts.map(withLength));
}

const nameOf = (name: string): Buffer => Buffer.concat([...name.split('.').map(withLength), Buffer.from([0])]);

function withLength(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}
