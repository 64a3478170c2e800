/** Every setting that has a form: what is not of it is refused by name, with what is needed and the setting's sentence. */
import { expect, test } from 'vitest';
import { chapters } from '../../services/config/all.ts';
import { InvalidSettings, readSettings, type SettingsTable } from '../../services/runtime/settings.ts';

const every: SettingsTable = Object.assign({}, ...Object.values(chapters));

function read(name: string, text: string): unknown {
  return readSettings(every, { SES_FROM_EMAIL: 'noreply@example.com', [name]: text })[name];
}

function refusal(name: string, text: string): string {
  try {
    return `accepted as ${String(read(name, text))}`;
  } catch (error) {
    const [only, ...others] = error instanceof InvalidSettings ? error.problems : [String(error)];
    expect(others).toEqual([]);
    return String(only);
  }
}

const postgres = 'postgres://user:password@host:5432/database is needed';
const https = 'an http or https URL is needed';
const named = 'names separated by commas are needed';
const proxies = 'addresses or CIDR blocks such as 172.30.0.0/24 are needed, separated by commas';
const origins = 'origins such as https://app.example.com are needed, separated by commas, without a path';
const topics = 'ARNs such as arn:aws:sns:us-east-1:123456789012:sealpost-feedback are needed, separated by commas';
const servers = 'IP addresses are needed, separated by commas, each with :port where it is not 53';
const domain = 'a domain such as example.com is needed, in lower case';
const otpKeys = 'id:secret is needed, newest first and separated by commas, each secret of 32 bytes or more';
const algorithms = 'some of EdDSA, ES256, ES384, ES512, RS256, RS384, RS512, PS256, PS384, PS512 are needed';
const x32 = 'x'.repeat(32);
const arn = 'arn:aws:sns:us-east-1:123456789012:feedback';
const label = 'a'.repeat(63);

const wrong: readonly (readonly [string, string, readonly string[]])[] = [
  ['NODE_ENV', 'production, development or test is needed', ['staging', 'Production', 'prod']],
  ['LOG_LEVEL', 'one of debug, info, warn, error, silent is needed', ['trace', 'INFO', 'warning']],
  ['MAIL_TRANSPORT', 'ses or smtp is needed', ['sendmail', 'SES']],
  ['SMTP_TLS', 'starttls, tls or off is needed', ['on', 'true', 'none']],
  ['DB_SSL', 'off, require or verify is needed', ['on', 'prefer', 'verify-full']],
  ['DATABASE_URL', postgres, ['mysql://a@b/c', 'http://a/b', 'xpostgres://a@b/c', 'postgresqlx://a@b/c', 'localhost']],
  ['DATABASE_ADMIN_URL', postgres, ['mysql://a@b/c', 'xpostgres://a@b/c', 'postgresqlx://a@b/c', 'db']],
  [
    'JWT_JWKS_URL',
    https,
    ['ftp://a.example.com', 'file:///etc/passwd', 'xhttp://a.example.com', 'httpsx://a.example.com', 'jwks'],
  ],
  ['SES_ENDPOINT', https, ['nowhere', '127.0.0.1']],
  ['SNS_CERTIFICATE_URL', https, ['nowhere']],
  ['JWT_ALGORITHMS', algorithms, ['HS256', 'none', 'ES256,HS512', 'es256', 'ES256,']],
  ['ADMIN_ROLES', named, ['admin,', ',admin', 'admin,,ops', ', ']],
  ['JWT_USER_CLAIMS', named, ['userId,', ',']],
  ['JWT_ROLE_CLAIMS', named, ['roles,', ',']],
  [
    'OTP_KEYS',
    otpKeys,
    [
      x32,
      `:${x32}`,
      `k-1:${x32}`,
      `${'i'.repeat(21)}:${x32}`,
      `k1:${x32},`,
      `k1:${x32},k2:short`,
      `k1:short,k2:${x32}`,
      `!k:${x32}`,
      `k!:${x32}`,
    ],
  ],
  ['AWS_REGION', 'a region such as us-east-1 is needed', ['us east 1', 'US-EAST-1', 'eu-west-1/', '.eu']],
  ['SES_FROM_EMAIL', 'an email address is needed', ['nobody', 'Shop <shop@example.com>', '@example.com']],
  ['SES_FROM_NAME', 'at most 100 characters are possible', ['n'.repeat(101)]],
  [
    'SES_FROM_NAME',
    'no control characters or line breaks are possible',
    ['a\nb', 'a\r\nBcc: x', '\0x', 'a\u007f', 'x\t'],
  ],
  [
    'SES_TOPIC_ARNS',
    topics,
    [
      'topic',
      `${arn},`,
      arn.replace('sns', 'sqs'),
      arn.replace('12:', '1:'),
      `x${arn}`,
      `${arn} x`,
      arn.replace('9012', '90123'),
      'arn:aws:sns::123456789012:x',
    ],
  ],
  [
    'MAIL_AUTOFILL_DOMAIN',
    domain,
    [
      'Example.com',
      'localhost',
      'https://example.com',
      'example.com.',
      '-a.example',
      'a-.example',
      `${label}a.example`,
      'a_b.example',
      'example.c',
      'a..example',
      `${'a.'.repeat(126)}example`,
    ],
  ],
  [
    'TRUSTED_PROXIES',
    proxies,
    [
      'proxy',
      '10.0.0.0/33',
      '2001:db8::/129',
      '10.0.0/8',
      '10.0.0.0/',
      '10.0.0.0/-1',
      '10.0.0.0/8,',
      'x10.0.0.1',
      '10.0.0.1x',
      '10.0.0.0/0008',
    ],
  ],
  [
    'CORS_ORIGIN',
    origins,
    [
      'app.example.com',
      'https://app.example.com/',
      'https://app.example.com/path',
      'https://A.example.com',
      'https://a.example.com,',
      'null',
      '**',
    ],
  ],
  [
    'DNS_SERVERS',
    servers,
    [
      'ns.example.com',
      '192.0.2.1:65536',
      '192.0.2.1:x',
      '192.0.2.1,',
      '[192.0.2.1]:53',
      '192.0.2.300',
      'x192.0.2.1:53',
      '192.0.2.1:53x',
      '192.0.2.1:123456',
    ],
  ],
];

test.each(wrong.flatMap(([name, message, texts]) => texts.map((text) => [name, text, message] as const)))(
  '%s=%j is refused',
  (name, text, message) => {
    expect(refusal(name, text)).toBe(`${name}: ${message}. ${every[name]?.sentence}`);
  },
);
