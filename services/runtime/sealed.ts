/** A text sealed with a passphrase: scrypt and AES-256-GCM, as two lines, of which the first says how and is authenticated too. */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { PlainError } from './safe-error.ts';

/** It is no sealed file, was changed, or has another passphrase. */
export class NotOpened extends PlainError {
  override readonly name = 'NotOpened';
}

const [N, R, P] = [2 ** 17, 8, 1];
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** N, r and p are fixed by the version, so that no file makes us work for hours. */
const HEAD = `sealpost-secrets v1 scrypt N=${N} r=${R} p=${P} aes-256-gcm`;
const FORM = new RegExp(`^(${HEAD} salt=([\\w-]{22}) nonce=([\\w-]{16}))\\r?\\n([\\w-]+)\\s*$`);

export function seal(text: string, passphrase: string): string {
  const [salt, nonce] = [randomBytes(SALT_BYTES), randomBytes(NONCE_BYTES)];
  const head = `${HEAD} salt=${salt.toString('base64url')} nonce=${nonce.toString('base64url')}`;
  const cipher = createCipheriv('aes-256-gcm', keyOf(passphrase, salt), nonce).setAAD(Buffer.from(head));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${head}\n${sealed.toString('base64url')}\n`;
}

/** Throws NotOpened. */
export function unseal(sealed: string, passphrase: string): string {
  const [, head = '', salt = '', nonce = '', body = ''] = FORM.exec(sealed) ?? [];
  if (head === '')
    throw new NotOpened('This is no file of "sealpost secrets export", or its end or beginning is missing.');
  const bytes = Buffer.from(body, 'base64url');
  const key = keyOf(passphrase, Buffer.from(salt, 'base64url'));
  try {
    const cipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(head))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([cipher.update(bytes.subarray(0, -TAG_BYTES)), cipher.final()]).toString('utf8');
  } catch {
    throw new NotOpened('The passphrase is another one, or the file was changed.');
  }
}

function keyOf(passphrase: string, salt: Buffer): Buffer {
  const memory = 2 * 128 * N * R;
  return scryptSync(passphrase.normalize('NFKC'), salt, KEY_BYTES, { N, r: R, p: P, maxmem: memory });
}
