/** Of config and runtime: defaults that nobody reaches, and values that come to the same. */
import type { Equivalent } from './equivalent.ts';

export const settingEquivalents: readonly Equivalent[] = [
  {
    file: 'services/config/cors.ts',
    line: 'export const checkCors: SettingsCheck<typeof corsSettings> = ({ CORS_ORIGIN = [], CORS_CREDENTIALS }) =>',
    becomes: '["Stryker was here"]',
    why: 'where the origins are wrong themselves there is no * among them, nor among these',
  },
  {
    file: 'services/config/keys.ts',
    line: "return { id, secret: Buffer.from(isRead ? value : '', encoding) };",
    becomes: '"Stryker was here!"',
    why: 'those are fewer than 32 bytes of base64 as well',
  },
  {
    file: 'services/config/misspelt.ts',
    line: 'const at = (i: number, j: number): number => rows[i]?.[j] ?? Infinity;',
    becomes: 'rows[i][j]',
    why: 'a row before the first is asked for only where two letters are swapped, which the first letter is not',
  },
  {
    file: 'services/config/report.ts',
    line: 'if (error instanceof InvalidSettings) return error.problems;',
    becomes: 'true',
    why: 'readSettings throws nothing else',
  },
  {
    file: 'services/config/keys.ts',
    line: "return [derivedKey(JWT_SECRET ?? ''), ...(JWT_SECRET_PREVIOUS ? [derivedKey(JWT_SECRET_PREVIOUS)] : [])];",
    becomes: '"Stryker was here!"',
    why: 'a table without OTP_KEYS and JWT_SECRET was refused before its keys are made',
  },
  {
    file: 'services/config/keys.ts',
    line: "const [id = '', ...rest] = part.trim().split(':');",
    becomes: '"Stryker was here!"',
    why: 'a text that is split has a first part',
  },
  {
    file: 'services/config/all.ts',
    line: "return `# ${describe(one)}\\n#${name}=${/^(?:none|required)$/.test(fallback) ? '' : fallback}`;",
    becomes: '/^(?:none|required)/',
    why: 'no default begins with these words but they',
  },
  {
    file: 'services/config/all.ts',
    line: "return `# ${describe(one)}\\n#${name}=${/^(?:none|required)$/.test(fallback) ? '' : fallback}`;",
    becomes: '/(?:none|required)$/',
    why: 'no default ends with these words but they',
  },
  {
    file: 'services/config/doctor.ts',
    line: 'const [, bracketed, plain, port] = /^(?:\\[([^\\]]+)\\]|([^:]+))(?::(\\d{1,5}))?$/.exec(text) ?? [];',
    becomes: '["Stryker was here"]',
    why: 'the first element of a match is not looked at',
  },
  {
    file: 'services/config/doctor.ts',
    line: 'if (port !== undefined && Number(port) > 65_535) return false;',
    becomes: 'true',
    why: 'undefined as a number is NaN, which is greater than nothing',
  },
  {
    file: 'services/config/doctor.ts',
    line: "return isIP(text) !== 0 || isIP(bracketed ?? '') === 6 || isIP(plain ?? '') === 4;",
    becomes: '"Stryker was here!"',
    why: 'neither is an IP address',
  },
  {
    file: 'services/config/limits.ts',
    line: 'if (subnet) trusted.addSubnet(subnet.address, subnet.bits, subnet.family);',
    becomes: 'true',
    why: 'a part that is no subnet was refused before the list is made',
  },
  {
    file: 'services/config/limits.ts',
    line: "const [, address = '', given] = /^([\\da-f.:]+)(?:\\/(\\d{1,3}))?$/i.exec(text) ?? [];",
    becomes: '"Stryker was here!"',
    why: 'neither is an IP address',
  },
  {
    file: 'services/config/limits.ts',
    line: "const [, address = '', given] = /^([\\da-f.:]+)(?:\\/(\\d{1,3}))?$/i.exec(text) ?? [];",
    becomes: '["Stryker was here"]',
    why: 'the first element of a match is not looked at',
  },
  {
    file: 'services/config/mail.ts',
    line: 'const login = [settings.SMTP_USER, settings.SMTP_PASSWORD].filter((one) => one !== undefined).length;',
    becomes: 'one === undefined',
    why: 'of two, one is there exactly where one is not',
  },
  {
    file: 'services/runtime/erasure-ledger.ts',
    line: '} catch {',
    becomes: '{}',
    why: 'a function that ends without a value gives undefined',
  },
  {
    file: 'services/runtime/settings.ts',
    line: 'const failed: string[] = [];',
    becomes: '["Stryker was here"]',
    why: 'no problem between settings has this text',
  },
  {
    file: 'services/runtime/keys.ts',
    line: "const bytes = Buffer.from(field, 'utf8');",
    becomes: '""',
    why: 'Node reads an encoding without a name as UTF-8',
  },
];
