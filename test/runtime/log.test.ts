/** The log: lines of the fields that are allowed and no other, of an error its name, code and frames and never its words. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createLog, type Log, type LogFields, type LogOptions } from '../../services/runtime/log.ts';

/** What a log writes. */
function written(work: (log: Log) => void, level: LogOptions['level'] = 'debug'): readonly Record<string, unknown>[] {
  const lines: string[] = [];
  const log = createLog({ service: 'api', level, stream: { write: (line) => void lines.push(line) } });
  work(log);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

const all: Required<LogFields> = {
  requestId: 'r',
  method: 'GET',
  route: '/x/:email',
  status: 200,
  refusal: 'forbidden',
  milliseconds: 1.5,
  count: 2,
  megabytes: 1,
  reason: 'why',
  result: 'accepted',
  words: '5.7.1 no',
  port: 1,
  metricsPort: 2,
  version: '0.1.0',
  job: 'clean-up',
  loop: 'claim-mails',
  subscribeUrl: 'https://sns.example.com/',
};

describe('a line', () => {
  test('has the event, the service, the level, the time in ISO 8601, and every field that is allowed', () => {
    const [line = {}] = written((log) => log.info('request', all));
    const { time, pid: _, hostname: __, ...rest } = line;
    expect(rest).toEqual({ level: 30, service: 'api', event: 'request', ...all });
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  test('has no other field, at no level', () => {
    const more = {
      email: 'a@example.com',
      otp: '123456',
      token: 'eyJ',
      authorization: 'Bearer x',
      ip: '192.0.2.1',
      err: new Error('zebra'),
      msg: 'x',
    };
    const lines = written((log) => {
      log.info('a', more as LogFields);
      log.warn('b', more as LogFields);
      log.error('c', more as LogFields);
    });
    expect(lines.map(({ level, event }) => [level, event])).toEqual([
      [30, 'a'],
      [40, 'b'],
      [50, 'c'],
    ]);
    for (const line of lines) expect(Object.keys(line).toSorted()).toEqual(['event', 'level', 'service', 'time']);
  });

  test('of a field that is not known leaves it out', () => {
    expect(
      written((log) => log.info('a', { refusal: undefined as unknown as string, status: 0 }))[0],
    ).not.toHaveProperty('refusal');
    expect(written((log) => log.info('a', { status: 0 }))[0]).toHaveProperty('status', 0);
  });

  test.each([
    ['debug', [30, 40, 50]],
    ['info', [30, 40, 50]],
    ['warn', [40, 50]],
    ['error', [50]],
    ['silent', []],
  ] as const)('at the level %s is of %j', (level, wanted) => {
    const lines = written((log) => {
      log.info('a');
      log.warn('b');
      log.error('c');
    }, level);
    expect(lines.map((line) => line.level)).toEqual(wanted);
  });
});

const failure = () =>
  Object.assign(new TypeError('zebra@example.com was not found'), { code: '23505', detail: 'zebra' });

describe('an error', () => {
  test('is told by its name, its code and its frames, never by what it says', () => {
    for (const line of written((log) => {
      log.warn('w', {}, failure());
      log.error('e', {}, failure());
    })) {
      expect(line).toMatchObject({ errorName: 'TypeError', errorCode: '23505' });
      expect(JSON.stringify(line)).not.toContain('zebra');
      const frames = line.errorFrames as readonly string[];
      expect(frames.length).toBeGreaterThan(0);
      for (const frame of frames) expect(frame).toMatch(/^at \S/);
    }
  });

  test.each([
    ['42501', 'permission denied for table outbox', true],
    ['53100', 'could not extend file: No space left on device', true],
    ['57P01', 'terminating connection due to administrator command', true],
    ['28P01', 'password authentication failed for user "request_app"', true],
    ['22P02', 'invalid input syntax for type uuid: "zebra"', false],
    ['23505', 'duplicate key value violates unique constraint', false],
    ['P0001', 'zebra@example.com', false],
  ])('of PostgreSQL, %s, %s: its words are told: %s', (code, message, isTold) => {
    const error = Object.assign(new Error(message), { name: 'PostgresError', code });
    const wrapped = new Error('away', { cause: error });
    const lines = written((log) => (log.error('e', {}, error), log.error('e', {}, wrapped)));
    expect(lines.map(({ errorText }) => errorText)).toEqual(Array(2).fill(isTold ? message : undefined));
    const foreign = written((log) => log.error('e', {}, Object.assign(new Error(message), { code })));
    expect(foreign[0]).not.toHaveProperty('errorText');
  });

  test('that carries words in its stack shows eight frames of it at most', () => {
    const error = new Error('x');
    error.stack = [
      'Error: zebra',
      '  zebra',
      ...Array.from({ length: 12 }, (_, n) => `    at f${n} (file.ts:1:1)`),
    ].join('\n');
    const [line] = written((log) => log.error('e', {}, error));
    expect(line?.errorFrames).toEqual(Array.from({ length: 8 }, (_, n) => `at f${n} (file.ts:1:1)`));
  });

  test('without a code of its own has that of its cause; what is no error is not told at all', () => {
    const cause = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
    expect(written((log) => log.error('e', {}, new Error('y', { cause })))[0]).toHaveProperty(
      'errorCode',
      'ECONNREFUSED',
    );
    for (const thrown of ['zebra', { message: 'zebra' }, undefined, null]) {
      const [line = {}] = written((log) => log.error('e', {}, thrown));
      expect(Object.keys(line).toSorted()).toEqual(['event', 'level', 'service', 'time']);
    }
  });
});

test('a file gets the same lines, in folders that are made for it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sealpost-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const lines: string[] = [];
  const file = join(folder, 'logs/api.log');
  const log = createLog({ service: 'api', level: 'info', file, stream: { write: (line) => void lines.push(line) } });
  log.info('a');
  log.warn('b', { status: 1 });
  expect(lines).toHaveLength(2);
  await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8')).toBe(lines.join(''));
});
