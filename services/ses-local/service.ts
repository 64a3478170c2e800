/** What the routes of the local SES are mounted on, and what they share. */
import type { HttpBindings } from '@hono/node-server';
import type { Hono } from 'hono';
import type { SendingAccount } from './send.ts';
import type { createSignatureCheck } from './signature.ts';

export type Service = Readonly<{
  account: SendingAccount;
  checkSignature: ReturnType<typeof createSignatureCheck>;
  now: () => number;
}>;

export type App = Hono<{ Bindings: HttpBindings }>;
