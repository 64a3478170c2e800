/** How the local SES misbehaves on demand, and for which sends. */

export type Mode =
  | { mode: 'normal' }
  | { mode: 'throttle' }
  | { mode: 'quota' }
  | { mode: 'reject' }
  | { mode: 'unverified' }
  | { mode: 'pause'; by?: 'owner' | 'aws' }
  | { mode: 'error'; status: number }
  | { mode: 'accept-then-hang' }
  | { mode: 'accept-then-reset' }
  | { mode: 'accept-then-error' }
  | { mode: 'latency'; milliseconds: number };
/** `every`: only each n-th send; `times`: only that many sends, then normal again. */
export type Behaviour = Mode & { every?: number; times?: number };
export type BehaviourChange = Behaviour & { maxSendRate?: number };

export type Misbehaviour = Readonly<{
  /** What is in force; `times` counts down. */
  present(): Behaviour;
  change(to: Behaviour): void;
  /** How this send is to be treated. Each call counts as one send. */
  next(): Mode;
}>;

const normal: Behaviour = { mode: 'normal' };

/** Starts out normal. `every` counts from the change: with 3, the third send after it is the first to suffer. */
export function createMisbehaviour(): Misbehaviour {
  let behaviour = normal;
  let sends = 0;
  return {
    present: () => behaviour,
    change(to) {
      behaviour = to;
      sends = 0;
    },
    next() {
      sends += 1;
      const { every = 1, times } = behaviour;
      if (sends % every !== 0) return normal;
      const treated = behaviour;
      if (times !== undefined) behaviour = times > 1 ? { ...behaviour, times: times - 1 } : normal;
      return treated;
    },
  };
}

/** What each mode does to a send, in words for the inbox page. */
export const explanations: Readonly<Record<Mode['mode'], string>> = {
  normal: 'Every mail is accepted and answered.',
  throttle: 'Sends are refused with Throttling, as over the sending rate. Nothing is stored.',
  quota: 'Sends are refused as over the 24-hour quota. Nothing is stored.',
  reject: 'Sends are refused with MessageRejected. Nothing is stored.',
  unverified: 'Sends are refused because the sender is not verified. Nothing is stored.',
  pause: 'Sends are refused because the account is paused. Nothing is stored.',
  error: 'Sends are answered with a server error. Nothing is stored.',
  'accept-then-hang': 'Mails are stored, but the answer never comes.',
  'accept-then-reset': 'Mails are stored, but the connection breaks before the answer.',
  'accept-then-error': 'Mails are stored, but the answer is a server error.',
  latency: 'Mails are stored at once, but the answer comes late.',
};
