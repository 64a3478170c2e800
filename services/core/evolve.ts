/** Folds one event into an address's state. It knows no policy and no clock, so that a replay gives the same state. */
import type { AddressEvent, Asserted, ImportedAddress, Instant, Recorded, Requested } from './events.ts';
import { clockPutRight } from './clock-put-right.ts';
import { applyDelivery, applyReport, withCode } from './evolve-mailings.ts';
import { GUESSES_IN_ALL_MAX } from './policy.ts';
import { type AddressState, type Code, emptyAddress, findCode, type Link } from './state.ts';

const DAY_MILLISECONDS = 86_400_000;
/** A state keeps at most so many codes: more than the daily cap's highest setting. */
const CODES_KEPT_MAX = 64;

export function evolve(state: AddressState, event: Recorded): AddressState {
  const before = event.at < state.lastEventAt ? clockPutRight(state, event.at) : state;
  return { ...apply(before, event), lastEventAt: event.at };
}

/** The state that the whole story of an address leads to. */
export const foldState = (story: readonly Recorded[]): AddressState => story.reduce(evolve, emptyAddress);

function apply(state: AddressState, event: Recorded): AddressState {
  switch (event.type) {
    case 'requested':
      return event.data.mailing === 1 ? issueCode(state, event) : mailedAgain(state, event);
    case 'sent':
      return applyDelivery(state, event.data, 'sent');
    case 'send_failed':
      return applyDelivery(state, event.data, 'failed');
    case 'delivered':
    case 'bounced':
    case 'complained':
      return applyReport(state, event);
    case 'attempted': {
      const { otpId, attempts } = event.data;
      const next = withCode(state, otpId, (code) => ({ ...code, attempts, changedAt: event.at }));
      return { ...next, wrongGuesses: guessedWrong(state, otpId, event.at) };
    }
    case 'verified': {
      const { otpId, userId, purpose, method } = event.data;
      const next = closeCode(state, otpId, event.at, { kind: 'verified', at: event.at });
      const links = next.links.map((link) =>
        link.userId === userId && link.purpose === purpose
          ? { ...link, proof: { kind: 'verified' as const, at: event.at, method }, changedAt: event.at }
          : link,
      );
      return { ...next, links, wrongGuesses: state.wrongGuesses.filter((guess) => guess.userId !== userId) };
    }
    case 'expired':
      return withCode(state, event.data.otpId, (code) => ({ ...code, status: { kind: 'expired' } }));
    case 'superseded':
      return closeCode(state, event.data.otpId, event.at, { kind: 'superseded', at: event.at });
    case 'asserted':
      return applyAssertion(state, event);
    case 'unlocked':
      return { ...state, wrongGuesses: [] };
    case 'suppressed':
      return { ...state, suppression: { reason: event.data.reason, at: event.at } };
    case 'unsuppressed': {
      const { suppression: _lifted, feedback, ...rest } = state;
      const reopened = { ...rest, reopenedAt: event.at };
      // Lifted, it starts anew: the next bounce for now is the first again.
      return feedback ? { ...reopened, feedback: { ...feedback, softBounces: [] } } : reopened;
    }
    case 'imported':
      return event.data.what === 'address' ? importAddress(state, event.data, event.at) : state;
    case 'erased':
      return { ...state, erasedAt: event.at };
    default:
      return unknownEvent(event);
  }
}

function issueCode(state: AddressState, event: Recorded<Requested>): AddressState {
  const { otpId, userId, purpose, emailId, salt, keyId, epoch, digest, codeDigits, attemptsMax } = event.data;
  const code: Code = {
    otpId,
    userId,
    purpose,
    salt,
    keyId,
    epoch,
    digest,
    codeDigits,
    attempts: 0,
    attemptsMax,
    issuedAt: Date.parse(event.data.issuedAt),
    expiresAt: Date.parse(event.data.expiresAt),
    changedAt: event.at,
    mailings: [{ at: event.at, delivery: 'queued' }],
    status: { kind: 'pending' },
  };
  const known = state.links.some((link) => link.emailId === emailId);
  const fresh: Link = { emailId, userId, purpose, createdAt: event.at, changedAt: event.at, proof: { kind: 'none' } };
  // Asked for again, it is of today: the clean-up goes by its last change.
  const touched = state.links.map((link) => (link.emailId === emailId ? { ...link, changedAt: event.at } : link));
  return {
    ...state,
    links: known ? touched : [...state.links, fresh],
    codes: [...recentCodes(state.codes, event.at), code],
  };
}

function guessedWrong(state: AddressState, otpId: string, at: Instant): AddressState['wrongGuesses'] {
  const { userId = '' } = findCode(state, otpId) ?? {};
  const recent = state.wrongGuesses.filter((guess) => guess.at > at - DAY_MILLISECONDS);
  return [...recent, { userId, at }].slice(-GUESSES_IN_ALL_MAX);
}

function applyAssertion(state: AddressState, { at, data }: Recorded<Asserted>): AddressState {
  const { emailId, userId, purpose, method, after } = data;
  const proof: Link['proof'] = after ? { kind: 'verified', at, method } : { kind: 'none', takenBack: true };
  const known = state.links.some((link) => link.emailId === emailId);
  const links = known
    ? state.links.map((link) => (link.emailId === emailId ? { ...link, proof, changedAt: at } : link))
    : [...state.links, { emailId, userId, purpose, createdAt: at, changedAt: at, proof }];
  return { ...state, links };
}

function importAddress(state: AddressState, data: ImportedAddress, at: Instant): AddressState {
  const { emailId, userId, purpose, method, verifiedAt } = data;
  const proof: Link['proof'] =
    verifiedAt === null ? { kind: 'none' } : { kind: 'verified', at: Date.parse(verifiedAt), method };
  // What gives a link that is there its proof is a change of today: a row's updated_at differs with every change.
  const isThere = state.links.some((link) => link.emailId === emailId);
  const times = { createdAt: Date.parse(data.createdAt), changedAt: isThere ? at : Date.parse(data.updatedAt) };
  const others = state.links.filter((link) => link.emailId !== emailId);
  return { ...state, links: [...others, { emailId, userId, purpose, ...times, proof }] };
}

// What the caps and the answers may still ask for: codes of the last day, open ones, and each user's newest.
function recentCodes(codes: readonly Code[], at: Instant): readonly Code[] {
  const since = at - DAY_MILLISECONDS;
  const newest = new Map(codes.map((code) => [code.userId, code.otpId]));
  const kept = codes.filter(
    (code) =>
      code.status.kind === 'pending' ||
      (code.mailings.at(-1)?.at ?? 0) > since ||
      newest.get(code.userId) === code.otpId,
  );
  return kept.slice(-(CODES_KEPT_MAX - 1));
}

// A late mailing makes the code the newest again, so codes stay in the order of their latest request.
function mailedAgain(state: AddressState, event: Recorded<Requested>): AddressState {
  const others = state.codes.filter((code) => code.otpId !== event.data.otpId);
  const again = state.codes
    .filter((code) => code.otpId === event.data.otpId)
    .map((code) => ({ ...code, mailings: [...code.mailings, { at: event.at, delivery: 'queued' as const }] }));
  return { ...state, codes: [...others, ...again] };
}

function closeCode(state: AddressState, otpId: string, at: Instant, status: Code['status']): AddressState {
  return withCode(state, otpId, (code) => ({ ...code, status, changedAt: at }));
}

// A newer version of Sealpost may have written it; to skip it would give a wrong state in silence.
function unknownEvent(event: never): never {
  throw new Error(`Unknown event type ${(event as AddressEvent).type}: this program is older than its database.`);
}
