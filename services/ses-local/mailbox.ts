/** Keeps the accepted mails, newest first to its readers, bounded, with an index by recipient. */
import type { Content } from './submission.ts';

/** `to` holds the envelope recipients; `receivedAt` is in milliseconds since 1970. */
export type StoredMail = Readonly<{
  id: string;
  from: string;
  to: readonly string[];
  receivedAt: number;
  content: Content;
}>;
export type MailPage = Readonly<{ mails: StoredMail[]; total: number }>;
export type Mailbox = Readonly<{
  add(mail: StoredMail): void;
  get(id: string): StoredMail | undefined;
  /** Newest first; `total` counts all that match. One look in the index when `to` (case-insensitive) is given. */
  list(limit: number, to?: string): MailPage;
  /** Like `list`, for people: any part of a recipient's address matches. Looks at every mail. */
  search(limit: number, part: string): MailPage;
  clear(): void;
}>;

const BYTES_MAX = 256 * 1024 * 1024;

/** A store in memory that drops its oldest mail beyond `messagesMax` mails or 256 MiB of content. */
export function createMailbox(messagesMax: number): Mailbox {
  const byId = new Map<string, StoredMail>();
  const byRecipient = new Map<string, Mails>();
  let all = new Mails();
  let bytes = 0;

  function dropOldest(): void {
    const mail = all.dropOldest();
    if (!mail) return;
    byId.delete(mail.id);
    bytes -= bytesOf(mail.content);
    for (const key of keysOf(mail)) {
      const mails = byRecipient.get(key);
      mails?.dropOldest();
      if (mails?.count === 0) byRecipient.delete(key);
    }
  }

  return {
    add(mail) {
      all.push(mail);
      byId.set(mail.id, mail);
      bytes += bytesOf(mail.content);
      for (const key of keysOf(mail)) {
        const mails = byRecipient.get(key);
        if (mails) mails.push(mail);
        else byRecipient.set(key, new Mails([mail]));
      }
      while (all.count > messagesMax || bytes > BYTES_MAX) dropOldest();
    },
    get: (id) => byId.get(id),
    list(limit, to) {
      const mails = to === undefined ? all : byRecipient.get(to.toLowerCase());
      return { mails: mails?.newest(limit) ?? [], total: mails?.count ?? 0 };
    },
    search(limit, part) {
      const wanted = part.toLowerCase();
      const found = all.newest(all.count).filter((mail) => mail.to.some((to) => to.toLowerCase().includes(wanted)));
      return { mails: found.slice(0, limit), total: found.length };
    },
    clear() {
      byId.clear();
      byRecipient.clear();
      all = new Mails();
      bytes = 0;
    },
  };
}

// Two spellings of one mailbox in one envelope are one entry of the index.
const keysOf = (mail: StoredMail): Set<string> => new Set(mail.to.map((to) => to.toLowerCase()));

const bytesOf = (content: Content): number =>
  content.kind === 'raw'
    ? content.bytes.length
    : 2 * (content.subject.length + content.text.length + content.html.length);

// A queue whose oldest end costs nothing to cut: the array is only compacted when half of it is gone.
class Mails {
  #items: (StoredMail | undefined)[];
  #head = 0;

  constructor(items: StoredMail[] = []) {
    this.#items = items;
  }

  get count(): number {
    return this.#items.length - this.#head;
  }

  push(mail: StoredMail): void {
    this.#items.push(mail);
  }

  dropOldest(): StoredMail | undefined {
    const mail = this.#items[this.#head];
    if (!mail) return undefined;
    this.#items[this.#head] = undefined;
    this.#head += 1;
    if (this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return mail;
  }

  newest(limit: number): StoredMail[] {
    const from = Math.max(this.#head, this.#items.length - limit);
    return this.#items
      .slice(from)
      .filter((mail) => mail !== undefined)
      .toReversed();
  }
}
