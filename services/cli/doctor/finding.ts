/** What a check of the doctor may say. */

/** `skipped`: there is nothing to look at here, and the finding says why; nothing is known of it. */
export type Status = 'ok' | 'skipped' | 'warning' | 'wrong';

export type Finding = Readonly<{
  status: Status;
  /** What is so, in a sentence. */
  what: string;
  /** What to do about it; absent where nothing is. */
  todo?: string;
  /** The same for programs. */
  facts?: Readonly<Record<string, unknown>>;
}>;

/** The check could not be made; the message says why, as the end of a sentence. */
export class NotChecked extends Error {
  override readonly name = 'NotChecked';
}

export const ok = (what: string): Finding => ({ status: 'ok', what });
export const skipped = (what: string): Finding => ({ status: 'skipped', what });
export const warning = (what: string, todo: string): Finding => ({ status: 'warning', what, todo });
export const wrong = (what: string, todo: string): Finding => ({ status: 'wrong', what, todo });
