/** The door of Amazon SES that speaks SMTP, for who cannot sign a request: its host, and the password that a secret access key gives. */
import { createHmac } from 'node:crypto';

export const sesSmtpHost = (region: string): string => `email-smtp.${region}.amazonaws.com`;
export const SES_SMTP_PORT = 587;

/** AWS's own constants of this password, which never change: a date, and the version of the algorithm. */
const DATE = '11111111';
const VERSION = 0x04;

/**
 * As AWS documents it ("Obtaining Amazon SES SMTP credentials by converting existing AWS credentials"). The user name is the access key's
 * id, the password is good in this region alone, and the user needs ses:SendRawEmail. Temporary credentials give none.
 */
export function sesSmtpPassword(secretAccessKey: string, region: string): string {
  const signature = [DATE, region, 'ses', 'aws4_request', 'SendRawEmail'].reduce(
    (key, text) => createHmac('sha256', key).update(text).digest(),
    Buffer.from(`AWS4${secretAccessKey}`),
  );
  return Buffer.concat([Buffer.of(VERSION), signature]).toString('base64');
}

/** Whether the key is one of the Security Token Service, which is bound to a session token that SMTP has no place for. */
export const isTemporaryKey = (accessKeyId: string): boolean => accessKeyId.startsWith('ASIA');
