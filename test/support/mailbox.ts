/** Reads the local SES's mailbox as a person would: the mails of an address, and the code in the newest. */
import { setTimeout as sleep } from 'node:timers/promises';

export type InboxMail = Readonly<{ id: string; to: readonly string[]; subject: string; text: string; html: string }>;

export async function mailsTo(sesUrl: string, address: string): Promise<readonly InboxMail[]> {
  const response = await fetch(`${sesUrl}/messages?to=${encodeURIComponent(address)}&limit=500`);
  return ((await response.json()) as { messages: InboxMail[] }).messages;
}

export const codeIn = (mail: InboxMail): string => /^(\d{6,10}) is your/.exec(mail.text)?.[1] ?? '';

/** Waits until so many mails have come to the address, and gives the newest one's code. */
export async function awaitCode(sesUrl: string, address: string, count = 1, milliseconds = 10_000): Promise<string> {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    const mails = await mailsTo(sesUrl, address);
    const [newest] = mails;
    if (newest && mails.length >= count) return codeIn(newest);
    if (performance.now() > deadline) throw new Error(`${mails.length} of ${count} mails came in ${milliseconds} ms`);
    await sleep(25);
  }
}

export async function behave(sesUrl: string, behaviour: object): Promise<void> {
  const response = await fetch(`${sesUrl}/behaviour`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(behaviour),
  });
  if (!response.ok) throw new Error(await response.text());
}

/** A code of as many digits that is surely another one. */
export const wrongCode = (code: string): string =>
  ((Number(code) + 1) % 10 ** code.length).toString().padStart(code.length, '0');
