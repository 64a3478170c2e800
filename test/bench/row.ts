/** What the peer writes for one request: of the size that Sealpost itself writes. */

export function issueOf(address: string, userId: string, otpId: string, salt: string) {
  const at = new Date().toISOString();
  const expiresAt = new Date(Date.now() + 600_000).toISOString();
  const fixed = {
    otpId,
    userId,
    purpose: 'verification',
    salt,
    keyId: 'jwt',
    epoch: 1,
    digest: 'abcdefghij',
    codeDigits: 6,
    attemptsMax: 3,
  };
  const data = { ...fixed, mailing: 1, emailId: 1, issuedAt: at, expiresAt, locale: 'en', ipHash: 'abcdef' };
  const code = {
    ...fixed,
    attempts: 0,
    issuedAt: 1,
    expiresAt: 2,
    changedAt: 1,
    mailings: [{ at: 1, delivery: 'queued' }],
    status: { kind: 'pending' },
  };
  const link = { emailId: 1, userId, purpose: 'verification', createdAt: 1, changedAt: 1, proof: { kind: 'none' } };
  const state = { links: [link], codes: [code], wrongGuesses: [], lastEventAt: 1 };
  return { address, userId, otpId, digest: fixed.digest, at, expiresAt, data, state };
}
