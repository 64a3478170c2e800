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

const postgres = 'must be a URL such as postgres://user:password@host:5432/database';
const https = 'must be an http or https URL';
const named = 'must be names separated by commas';
const proxies = 'must be addresses or CIDR blocks such as 172.30.0.0/24, separated by commas';
const origins =
  'must be origins such as https://app.example.com, https://*.example.com or capacitor://localhost, separated by commas, without a path';
const topics = 'must be ARNs such as arn:aws:sns:us-east-1:123456789012:sealpost-feedback, separated by commas';
const servers = 'must be IP addresses separated by commas, each with :port unless it is 53';
const domain = 'must be a domain such as example.com, in lower case';
const otpKeys = 'must be id:secret pairs separated by commas, newest first, each secret of at least 32 bytes';
const algorithms = 'must be a list of EdDSA, Ed25519, ES256, ES384, ES512, RS256, RS384, RS512, PS256, PS384, PS512';
const x32 = 'x'.repeat(32);
const base64 = Buffer.alloc(32, 1).toString('base64');
const arn = 'arn:aws:sns:us-east-1:123456789012:feedback';
const label = 'a'.repeat(63);

const wrong: readonly (readonly [string, string, readonly string[]])[] = [
  ['NODE_ENV', 'must be production, development or test', ['staging', 'Production', 'prod']],
  ['LOG_LEVEL', 'must be one of debug, info, warn, error, silent', ['trace', 'INFO', 'warning']],
  ['MAIL_TRANSPORT', 'must be ses or smtp', ['sendmail', 'SES']],
  ['SMTP_TLS', 'must be starttls, tls or off', ['on', 'true', 'none']],
  ['DB_SSL', 'must be off, require, verify or by-url', ['on', 'prefer', 'verify-full']],
  ['DATABASE_URL', postgres, ['mysql://a@b/c', 'http://a/b', 'xpostgres://a@b/c', 'postgresqlx://a@b/c', 'localhost']],
  [
    'BACKUP_REPOSITORY',
    'must not have a password in it: put the user into BACKUP_REPOSITORY_KEY_ID and the password into BACKUP_REPOSITORY_SECRET_KEY',
    ['rest:https://user:secret@backup.example.com/', 's3:https://a:b/c@s3.example.com/x', 'sftp:user:secret@host:/srv'],
  ],
  ['BACKUP_REPOSITORY_PASSWORD', 'must have at least 12 characters', ['x'.repeat(11)]],
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
    'ERASURE_KEYS',
    'must be id:key pairs separated by commas, newest first, each key at least 32 bytes in base64',
    [
      base64,
      `:${base64}`,
      `k-1:${base64}`,
      `k:${base64},`,
      `k:${base64.slice(4)}`,
      // What is no base64 would be another key.
      `k:${'not in base64: '.repeat(8)}`,
      `k:${base64}${base64}`,
    ],
  ],
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
  ['AWS_REGION', 'must be a region such as us-east-1', ['us east 1', 'US-EAST-1', 'eu-west-1/', '.eu']],
  ['SES_FROM_EMAIL', 'must be an email address', ['nobody', 'Shop <shop@example.com>', '@example.com']],
  ['SES_FROM_NAME', 'must have at most 100 characters', ['n'.repeat(101)]],
  [
    'SES_FROM_NAME',
    'must not contain control characters or line breaks',
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
