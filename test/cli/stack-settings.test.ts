/** The settings of a stack as its .env has them: half a production, and names that are misspelt, are told before anything is made. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isServed } from '../../services/config/edge.ts';
import { STACK_NAMES, stackProblems } from '../../services/cli/stack-settings.ts';
import { chapters } from '../../services/config/all.ts';

const keys = { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test' };
const sender = { SES_FROM_EMAIL: 'noreply@example.com' };
const domain = { API_DOMAIN: 'api.example.com' };
const smtp = { MAIL_TRANSPORT: 'smtp', SMTP_HOST: 'mail.example.com' };
const read = (name: string): string => readFileSync(join(import.meta.dirname, '../..', name), 'utf8');

const halfProduction = 'AWS_ACCESS_KEY_ID: required, since API_DOMAIN is api.example.com';
const pair = 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: set both';

describe('half a production', () => {
  test.each<[string, Record<string, string>, readonly string[]]>([
    ['nothing', {}, []],
    ['localhost', { API_DOMAIN: 'localhost' }, []],
    ['a name of localhost', { API_DOMAIN: 'api.localhost' }, []],
    ['a domain, keys and a sender', { ...domain, ...keys, ...sender }, []],
    ['a domain and SMTP', { ...domain, ...smtp, ...sender }, []],
    ['a domain without keys', { ...domain, ...sender }, [halfProduction]],
    ['a domain alone', domain, [halfProduction, 'SES_FROM_EMAIL: must be an email address']],
    ['a domain in blanks', { API_DOMAIN: ' api.example.com ', ...sender }, ['AWS_ACCESS_KEY_ID: required, since']],
    ['a domain whose mails are to stay', { ...domain, ...sender, MAILBOX: 'yes' }, []],
    ['the same without a sender', { ...domain, MAILBOX: 'yes' }, ['SES_FROM_EMAIL: must be an email address']],
    ['another word than yes', { ...domain, ...sender, MAILBOX: 'true' }, ['MAILBOX: must be yes, or not be set.']],
    ['keys without a sender', { ...domain, ...keys }, ['SES_FROM_EMAIL: must be an email address']],
    ['SMTP without a sender', { ...domain, ...smtp }, ['SES_FROM_EMAIL: must be an email address']],
    ['half a pair', { ...domain, ...sender, AWS_ACCESS_KEY_ID: 'AKIA' }, [pair]],
    ['the other half', { AWS_SECRET_ACCESS_KEY: 'x' }, [pair]],
    [
      'keys of which one is misspelt',
      { ...domain, ...sender, AWS_ACCES_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'x' },
      ['AWS_ACCES_KEY_ID: there is no such setting. If it is AWS_ACCESS_KEY_ID', pair],
    ],
    [
      'both misspelt',
      { ...domain, ...sender, AWS_ACCESS_KEYID: 'AKIA', AWS_SECRET_ACESS_KEY: 'x' },
      ['AWS_ACCESS_KEYID: there is no such setting', 'AWS_SECRET_ACESS_KEY: there is no such', halfProduction],
    ],
  ])('%s', (_what, environment, wanted) => {
    expect(stackProblems(environment).filter((line) => !line.startsWith('AWS_SECRET_ACCESS_KEY: required'))).toEqual(
      wanted.map((line) => expect.stringContaining(line)),
    );
  });

  test('is where others come to', () => {
    const served = ['api.example.com', 'localhost.example.com', ' a.example.test '];
    const own = ['', ' ', 'localhost', 'a.b.localhost'];
    expect(served.map((API_DOMAIN) => isServed({ API_DOMAIN }))).toEqual([true, true, true]);
    expect([...own.map((API_DOMAIN) => isServed({ API_DOMAIN })), isServed({})]).toEqual(Array(5).fill(false));
  });
});

describe('a value that only the stack’s own files read', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['HTTPS_PORT', ['443', '1', '65535', ''], ['0', '65536', '443/tcp', '8443:443', 'https']],
    ['ALERTMANAGER_PORT', ['9093'], ['-1', '127.0.0.1:9093']],
    [
      'GRAFANA_URL',
      ['https://grafana.example.com', 'http://10.0.0.5:3000/grafana', 'http://[::1]:3000', ''],
      [
        'grafana.example.com',
        'https://grafana.example.com/',
        'https://grafana.example.com?org=1',
        "https://grafana.example.com/'x",
        'https://grafana.example.com/{{x}}',
        'https://grafana.example.com/a b',
        'https://${HOST}',
        'javascript:alert(1)',
        'https://',
        `https://grafana.example.com/${'a'.repeat(500)}`,
      ],
    ],
    ['API_REPLICAS', ['1', '100'], ['0', '101', 'two']],
    ['API_HEAP_MEGABYTES', ['128'], ['127', '1g']],
  ])('%s', (name, right, wrong) => {
    const problems = (value: string) => stackProblems({ [name]: value });
    expect(right.map(problems)).toEqual(right.map(() => []));
    expect(wrong.map(problems)).toEqual(
      wrong.map(() => [expect.stringMatching(new RegExp(`^${name}: must be .+\\.$`))]),
    );
  });
});

test('every setting that the stack’s files read is known, and told in the documents', () => {
  const files = ['compose.yaml', 'compose.modes.yaml', 'caddy/Caddyfile'].map(read).join('\n');
  const used = new Set([...files.matchAll(/\$?\{\$?([A-Z][A-Z\d_]+)[:}?+-]/g)].map(([, name = '']) => name));
  const known = new Set([...Object.values(chapters).flatMap((table) => Object.keys(table)), ...STACK_NAMES]);
  // Made in compose.yaml of APP_DOMAIN.
  used.delete('APP_SITE');
  expect([...used].filter((name) => !known.has(name))).toEqual([]);
  const documents = read('docs/docker.md') + read('docs/settings.md') + read('docs/upgrade.md');
  expect(STACK_NAMES.filter((name) => !documents.includes(`\`${name}\``) && !name.startsWith('COMPOSE_'))).toEqual([]);
});
