/** A folder of templates as an operator would mount it, for one test. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Found, readTemplates } from '../../services/mail/overrides.ts';

/** It begins as a PNG does, and is small. */
export const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(100)]);

/** The content of each file is text, bytes, or an object for its JSON. */
export function folderWith(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'sealpost-templates-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    const asIs = typeof content === 'string' || Buffer.isBuffer(content);
    writeFileSync(join(folder, name), asIs ? content : JSON.stringify(content));
  }
  return folder;
}

export const readFiles = (files: Readonly<Record<string, unknown>>): Found => readTemplates(folderWith(files));
