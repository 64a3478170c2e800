/** Every setting that has a form: what is of it is read so. What is not: forms-refused.test.ts. */
import { expect, test } from 'vitest';
import { chapters } from '../../services/config/all.ts';
import { readSettings, type SettingsTable } from '../../services/runtime/settings.ts';

const every: SettingsTable = Object.assign({}, ...Object.values(chapters));

function read(name: string, text: string): unknown {
  return readSettings(every, { SES_FROM_EMAIL: 'noreply@example.com', [name]: text })[name];
}

const [x32, y32] = ['x'.repeat(32), 'y'.repeat(32)];
const [base64, base64url] = [Buffer.alloc(32, 251).toString('base64'), Buffer.alloc(32, 251).toString('base64url')];
const arn = 'arn:aws:sns:us-east-1:123456789012:feedback';
const label = 'a'.repeat(63);

const right: readonly (readonly [string, string, unknown])[] = [
  ...['production', 'development', 'test'].map((one) => ['NODE_ENV', one, one] as const),
  ...['debug', 'info', 'warn', 'error', 'silent'].map((one) => ['LOG_LEVEL', one, one] as const),
  ...['ses', 'smtp'].map((one) => ['MAIL_TRANSPORT', one, one] as const),
  ...['starttls', 'tls', 'off'].map((one) => ['SMTP_TLS', one, one] as const),
  ...['off', 'require', 'verify'].map((one) => ['DB_SSL', one, one] as const),
  ['DB_SSL', 'true', 'require'],
  ['DB_SSL', 'false', 'off'],
  ...['postgres://a:b@host/x', 'postgresql://a@host:5433/x'].flatMap((url) => [
    ['DATABASE_URL', url, url] as const,
    ['DATABASE_ADMIN_URL', url, url] as const,
  ]),
  ...[
    's3:https://s3.example.com:9000/bucket/folder',
    'b2:bucket:folder',
    'rest:https://backup.example.com:8000/',
    'sftp:user@backup.example.com:/srv/backups',
    'sftp://user@backup.example.com:2222//srv',
    '/mnt/off-site',
  ].map((at) => ['BACKUP_REPOSITORY', at, at] as const),
  ['BACKUP_REPOSITORY_PASSWORD', 'x'.repeat(12), 'x'.repeat(12)],
  ['JWT_JWKS_URL', 'http://127.0.0.1/jwks', 'http://127.0.0.1/jwks'],
  ['JWT_JWKS_URL', 'https://issuer.example.com/jwks', 'https://issuer.example.com/jwks'],
  ['JWT_ALGORITHMS', 'EdDSA', ['EdDSA']],
  [
    'JWT_ALGORITHMS',
    'EdDSA, ES256,ES384,ES512,RS256,RS384,RS512,PS256,PS384 ,PS512',
    ['EdDSA', 'ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ],
  ['ADMIN_ROLES', 'root, ops', ['root', 'ops']],
  ['JWT_USER_CLAIMS', ' uid ,sub', ['uid', 'sub']],
  ['JWT_ROLE_CLAIMS', 'groups', ['groups']],
  ['OTP_KEYS', `new:${x32}`, `new:${x32}`],
  ['OTP_KEYS', `${'i'.repeat(20)}:${x32}, old_1:${y32}`, `${'i'.repeat(20)}:${x32}, old_1:${y32}`],
  ['ERASURE_KEYS', `new:${base64}, old_1:${base64url}`, `new:${base64}, old_1:${base64url}`],
  ['AWS_REGION', 'eu-west-1', 'eu-west-1'],
  ['SES_FROM_EMAIL', 'shop@example.com', 'shop@example.com'],
  ['SES_FROM_NAME', 'n'.repeat(100), 'n'.repeat(100)],
  ['SES_FROM_NAME', 'Söhne & Co "eins"', 'Söhne & Co "eins"'],
  ['SES_ENDPOINT', 'http://127.0.0.1:8005', 'http://127.0.0.1:8005'],
  [
    'SES_TOPIC_ARNS',
    `${arn}, arn:aws-cn:sns:cn-north-1:000000000000:a.b_c-d`,
    [arn, 'arn:aws-cn:sns:cn-north-1:000000000000:a.b_c-d'],
  ],
  ['MAIL_AUTOFILL_DOMAIN', 'shop.example.com', 'shop.example.com'],
  ['MAIL_AUTOFILL_DOMAIN', `${label}.example`, `${label}.example`],
  ['MAIL_AUTOFILL_DOMAIN', '1-a.de', '1-a.de'],
  ['TRUSTED_PROXIES', '10.0.0.0/8, 192.0.2.1 ,2001:db8::/32', ['10.0.0.0/8', '192.0.2.1', '2001:db8::/32']],
  [
    'TRUSTED_PROXIES',
    '0.0.0.0/0,10.0.0.1/32,::/0,2001:DB8::1/128',
    ['0.0.0.0/0', '10.0.0.1/32', '::/0', '2001:DB8::1/128'],
  ],
  ['CORS_ORIGIN', '*', ['*']],
  ['CORS_ORIGIN', 'https://a.example.com, http://localhost:8080', ['https://a.example.com', 'http://localhost:8080']],
  [
    'DNS_SERVERS',
    '192.0.2.1, 192.0.2.2:5353,2001:db8::1,[2001:db8::2]:65535,[2001:db8::3]',
    ['192.0.2.1', '192.0.2.2:5353', '2001:db8::1', '[2001:db8::2]:65535', '[2001:db8::3]'],
  ],
];

test.each(right)('%s=%s is taken', (name, text, value) => {
  expect(read(name, text)).toEqual(value);
});
