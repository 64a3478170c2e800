/** Folds what became of a mail into an address's state. */
import type { Bounced, Complained, Delivered, Recorded } from './events.ts';
import { type AddressState, type Code, type Delivery, SOFT_BOUNCES_MAX } from './state.ts';

export function applyDelivery(
  state: AddressState,
  which: { otpId: string; mailing: number },
  delivery: Delivery,
): AddressState {
  return withCode(state, which.otpId, (code) => ({
    ...code,
    mailings: code.mailings.map((mailing, index) =>
      index === which.mailing - 1 && telling[delivery] > telling[mailing.delivery] ? { ...mailing, delivery } : mailing,
    ),
  }));
}

/** Reports may come in any order: what says more of the mail stays. */
const telling: Readonly<Record<Delivery, number>> = {
  queued: 0,
  failed: 1,
  sent: 2,
  delivered: 3,
  bounced: 4,
  complained: 5,
};
const REPORTS_KEPT_MAX = 16;

export function applyReport(state: AddressState, event: Recorded<Delivered | Bounced | Complained>): AddressState {
  const { ids = [], softBounces = [] } = state.feedback ?? {};
  const isSoft = event.type === 'bounced' && !event.data.permanent;
  const feedback = {
    ids: [...ids, event.data.feedbackId].slice(-REPORTS_KEPT_MAX),
    softBounces: isSoft ? [...softBounces, event.at].slice(-SOFT_BOUNCES_MAX) : softBounces,
  };
  return { ...applyDelivery(state, event.data, event.type), feedback };
}

/** The state with one of its codes changed. */
export function withCode(state: AddressState, otpId: string, change: (code: Code) => Code): AddressState {
  return { ...state, codes: state.codes.map((code) => (code.otpId === otpId ? change(code) : code)) };
}
