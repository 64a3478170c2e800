/** Faults of what one connection brings, of texts, and of what is told about them. */
import { mutantsOf } from '../file-rows.ts';
import type { Mutant } from '../mutant.ts';

const http = 'services/api/http';
const inOrder = 'test/attack/answers-in-order.test.ts';
const floods = 'test/attack/floods.test.ts';
const told = 'test/attack/told-exactly.test.ts';

export const httpSurfaceMutants: readonly Mutant[] = [
  ...mutantsOf(`${http}/connections.ts`, 'test/attack/reset-connections.test.ts', [
    [
      'who resets the connection has no IP',
      ['I51', 'T16', 'I06'],
      'connections.get(socket)?.address ?? socket.remoteAddress',
      'socket.remoteAddress',
      'is the one that it had when it opened',
    ],
    [
      'who has no IP when the connection opens is listened to',
      ['T16', 'I06'],
      '    if (address === undefined) socket.destroy();\n    else ',
      '    if (address !== undefined) ',
      'where there never was one',
    ],
  ]),
  ...mutantsOf(`${http}/client-ip.ts`, 'test/attack/many-networks.test.ts', [
    ['a site has as many limits as networks', ['T16'], 'times: 16', 'times: 65_536', 'sixteen times for a /48'],
  ]),
  ...mutantsOf('services/store/limits/take.ts', 'test/attack/many-networks.test.ts', [
    [
      'what a narrow limit refuses counts against the neighbours',
      ['T16', 'I06'],
      'from narrow, jsonb_to_recordset(taken) as one (key text, granted integer)',
      'from narrow, (select key, n as granted from jsonb_to_recordset(${sql.json(requestRows(requests))}) as x (key text, n integer)) as one',
      'what one network is refused is not counted',
    ],
  ]),
  ...mutantsOf(`${http}/in-turn.ts`, floods, [
    [
      'a connection has all at once that it brings',
      ['I52', 'T29'],
      'AT_ONCE_MAX = 16',
      'AT_ONCE_MAX = 1600',
      'has sixteen',
    ],
    [
      'what waits is read on',
      ['T29'],
      'if (isPaused || turn.waiting.length > 0) {',
      'if (isPaused) {',
      'has sixteen of them under way',
    ],
    [
      'a connection that was held is never read again',
      ['T29'],
      '    socket.resume();\n',
      '',
      'gets all answers, in order',
    ],
  ]),
  ...mutantsOf('services/api/routes/health.ts', floods, [
    [
      'health asks the store each time',
      ['C31', 'T29'],
      'ASKED_EVERY_MILLISECONDS = 1000',
      'ASKED_EVERY_MILLISECONDS = 0',
      'asks a store that answers once a second',
    ],
  ]),
  ...mutantsOf(`${http}/server.ts`, floods, [
    [
      'connections that are turned away are told each',
      ['T29'],
      'if (performance.now() - newestAt > QUIET_MILLISECONDS) ',
      'if (performance.now() - newestAt > QUIET_MILLISECONDS || true) ',
      'are turned away beyond a bound',
    ],
  ]),
  ...mutantsOf(`${http}/malformed-request.ts`, inOrder, [
    [
      'what cannot be read is answered before what could',
      ['I53', 'C32'],
      "    else if (newest) newest.response.once('close', () => write(socket, code, headers));\n",
      '',
      'what is no HTTP is answered after the good ones',
    ],
  ]),
  ...mutantsOf(`${http}/last-answer.ts`, inOrder, [
    [
      'the last answer of a connection promises another',
      ['C32'],
      '    if (isArriving(this.req)) this.shouldKeepAlive = false;\n',
      '    void isArriving;\n',
      'without a token, is told at once',
    ],
  ]),
  ...mutantsOf(`${http}/text.ts`, 'test/attack/hostile-text.test.ts', [
    [
      'NUL goes as far as the database',
      ['C32', 'T29'],
      "value.includes('\\0') || ",
      '',
      'NUL in any field of any body',
    ],
  ]),
  ...mutantsOf(`${http}/observe.ts`, told, [
    [
      'a slow client is a slow request',
      ['F24'],
      ' - started - waited)',
      ' - started - 0 * waited)',
      'the time of a slow body',
    ],
  ]),
];
