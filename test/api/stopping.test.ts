/** An api that was told to stop, asked on connections that it still has: not ready any more, alive, and each answer the last. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { serve } from '../support/served.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test('who asks on a connection from before hears that it is going, and is sent elsewhere', async () => {
  const { api } = await serve(db);
  const paths = ['/health', '/health/ready', '/health/live'];
  const sockets = paths.map(() => connect(api.port, '127.0.0.1'));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  // The server has taken a connection when it answers on one that was opened after it.
  await fetch(`${api.url}/health/live`);
  const stopped = api.stop();
  for (const [n, socket] of sockets.entries()) socket.write(`GET ${paths[n]} HTTP/1.1\r\nHost: x\r\n\r\n`);
  const answers = await Promise.all(sockets.map((socket) => text(socket)));
  await stopped;
  expect(answers.map((answer) => answer.slice(9, 12))).toEqual(['503', '503', '200']);
  for (const answer of answers) expect(answer).toMatch(/^connection: close\r$/im);
  for (const refused of answers.slice(0, 2)) expect(refused).toMatch(/^retry-after: 1\r$/im);
});
