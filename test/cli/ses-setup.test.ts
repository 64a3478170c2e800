/** `sealpost ses setup`: a script for an administrator, made of calls that exist; printing it calls nothing. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runCli } from '../support/cli.ts';
import { callsWithoutAction } from '../support/aws-calls.ts';
import { pages } from '../support/pages.ts';

const URL_OPTION = ['--url', 'https://api.example.com'];
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:sealpost-feedback';

const setup = (args: readonly string[], env: Record<string, string> = {}) =>
  runCli(['ses', 'setup', ...args], { SES_FROM_EMAIL: 'noreply@example.com', ...env });

/** Runs the script with an `aws` that writes down what it was called with; each argument a line, each call a block. */
function run(script: string): { calls: string[][]; output: string } {
  const folder = mkdtempSync(join(tmpdir(), 'sealpost-setup-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const aws = `#!/bin/sh
printf '%s\\0' "$@" >> ${folder}/calls; printf '\\1' >> ${folder}/calls
case "$*" in *get-caller-identity*) echo 123456789012;; *create-topic*) echo ${TOPIC};; esac`;
  writeFileSync(join(folder, 'aws'), aws);
  chmodSync(join(folder, 'aws'), 0o755);
  const env = { PATH: `${folder}:${process.env.PATH ?? ''}` };
  const { stdout, stderr, status } = spawnSync('sh', ['-c', script], { env, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  const calls = readFileSync(join(folder, 'calls'), 'utf8').split('\u0001').slice(0, -1);
  return { calls: calls.map((call) => call.split('\0').slice(0, -1)), output: stdout };
}

const named = (calls: readonly string[][], name: string): string[][] => calls.filter((call) => call[1] === name);
const option = (call: readonly string[] | undefined, name: string): string => call?.[call.indexOf(name) + 1] ?? '';

describe('sealpost ses setup', () => {
  test('makes the topic, signed with SHA-256 and for the SES of this account alone, and sends it the three notifications', async () => {
    const { stdout, code } = await setup(URL_OPTION);
    expect(code).toBe(0);
    const { calls, output } = run(stdout);
    const [version, policy] = named(calls, 'set-topic-attributes');
    expect(version).toEqual(expect.arrayContaining(['SignatureVersion', '2']));
    expect(JSON.parse(option(policy, '--attribute-value'))).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'ses.amazonaws.com' },
          Action: 'sns:Publish',
          Resource: TOPIC,
          Condition: { StringEquals: { 'AWS:SourceAccount': '123456789012' } },
        },
      ],
    });
    const notifications = named(calls, 'set-identity-notification-topic');
    expect(notifications.map((call) => option(call, '--notification-type'))).toEqual([
      'Bounce',
      'Complaint',
      'Delivery',
    ]);
    for (const call of notifications) {
      expect([option(call, '--identity'), option(call, '--sns-topic')]).toEqual(['example.com', TOPIC]);
    }
    expect(output).toContain(`--notification-endpoint https://api.example.com/api/ses/notifications`);
    // Before the api knows the topic it would refuse the confirmation.
    expect(named(calls, 'subscribe')).toEqual([]);
  });

  test('with a configuration set its events go to the topic, and it is the default of the sender', async () => {
    const { calls } = run((await setup([...URL_OPTION, '--configuration-set', 'sealpost'])).stdout);
    const [destination] = named(calls, 'create-configuration-set-event-destination');
    expect(JSON.parse(option(destination, '--event-destination'))).toEqual({
      Name: 'sealpost-feedback',
      Enabled: true,
      MatchingEventTypes: ['bounce', 'complaint', 'delivery', 'reject'],
      SNSDestination: { TopicARN: TOPIC },
    });
    const [asDefault] = named(calls, 'put-email-identity-configuration-set-attributes');
    expect(option(asDefault, '--email-identity')).toBe('example.com');
    expect(named(calls, 'set-identity-notification-topic')).toEqual([]);
  });

  test('every call of SES in it, in the documents and in what doctor and dns advise exists, with these options', async () => {
    const root = join(import.meta.dirname, '../..');
    const sources = readdirSync(join(root, 'services/cli'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(root, 'services/cli', name), 'utf8'));
    const texts = [...pages.map(({ text }) => text), ...sources];
    expect(texts.join().match(/aws ses [a-z]/g)?.length).toBeGreaterThan(8);
    expect(texts.flatMap(callsWithoutAction)).toEqual([]);
    // The guide's own call is not one, and neither is a real one with a foreign option.
    const wrong = ['aws ses put-identity-dkim-attributes --identity a', 'aws ses verify-domain-dkim --identity a'];
    expect(callsWithoutAction(wrong.join('\n'))).toEqual(wrong);
    for (const args of [URL_OPTION, [...URL_OPTION, '--configuration-set', 'sealpost']]) {
      expect(callsWithoutAction((await setup(args)).stdout)).toEqual([]);
    }
  });

  test('printing it calls nothing and needs no credentials', async () => {
    let asked = 0;
    const server = createServer((_, response) => void response.end(String((asked += 1))));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await setup(URL_OPTION, { SES_ENDPOINT: endpoint, AWS_ENDPOINT_URL: endpoint })).code).toBe(0);
    expect(asked).toBe(0);
  });

  test.each([
    [['--url', 'http://api.example.com']],
    [['--url', 'https://api.example.com/$(id)']],
    [[...URL_OPTION, '--topic', 'a;id']],
    [[...URL_OPTION, '--configuration-set', '$(id)']],
    [[...URL_OPTION, '--identity', 'example.com;id']],
    [[]],
  ])('%j is refused, and no script is printed', async (args) => {
    const { code, stdout } = await setup(args);
    expect([code, stdout]).toEqual([1, '']);
  });
});
