/** What verify-otp makes of what a client sends: which code is meant, and its digits however they are written. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectProblem, type Stage, startStage } from '../support/contract.ts';
import { wrongCode } from '../support/mailbox.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.stop());

const verified = expect.objectContaining({ success: true, emailVerified: true, verificationSource: 'otp' });

async function asked(n: number, email: string, purpose?: string) {
  const caller = await stage.as(n);
  const { otpId } = (await caller.send({ email, purpose })).body;
  const otp = await stage.code(email);
  return { caller, email, otpId: String(otpId), otp };
}

describe('with otpId', () => {
  test.each([
    ['another purpose', { purpose: 'business' }],
    ['no purpose, as null', { purpose: null }],
  ])('that code is meant, also with %s; the code keeps its own', async (_, more) => {
    const { caller, email, otp, otpId } = await asked(1, `meant-${String(more.purpose)}@example.com`, 'driver');
    expect((await caller.verify({ email, otp, otpId, ...more })).body).toEqual(verified);
    expect((await caller.status(email)).body).toMatchObject({ verified: true, purpose: 'driver' });
    expect((await caller.list('?all=true')).body.emails).not.toContainEqual(
      expect.objectContaining({ email, ...more }),
    );
  });

  test('the case of its letters does not count', async () => {
    const { caller, email, otp, otpId } = await asked(1, 'capitals@example.com');
    const inCapitals = otpId.toUpperCase();
    expectProblem(await caller.verify({ email, otp: wrongCode(otp), otpId: inCapitals }), 400, 'otp_incorrect');
    expect((await caller.verify({ email, otp, otpId: inCapitals })).body).toEqual(verified);
    expect(await stage.events(email)).toEqual(['requested', 'sent', 'attempted', 'verified']);
  });

  test('that is null, the newest code is meant', async () => {
    const { caller, email, otp } = await asked(1, 'null-id@example.com');
    expect((await caller.verify({ email, otp, otpId: null, purpose: null })).body).toEqual(verified);
  });
});

describe('the digits', () => {
  test.each([
    ['arabic', (code: string) => code.replaceAll(/\d/g, (digit) => '٠١٢٣٤٥٦٧٨٩'.charAt(Number(digit)))],
    ['fullwidth', (code: string) => code.replaceAll(/\d/g, (digit) => '０１２３４５６７８９'.charAt(Number(digit)))],
    [
      'mathematical',
      (code: string) => code.replaceAll(/\d/g, (digit) => String.fromCodePoint(0x1d7ec + Number(digit))),
    ],
    ['hidden', (code: string) => `\u{feff}${code.slice(0, 2)}\u{200b}\u{00ad}${code.slice(2)}\u{200f}`],
    ['dashed', (code: string) => `${code.slice(0, 2)}\u{2013}${code.slice(2, 4)}\u{2212}${code.slice(4)}\u{00a0}`],
  ])('are read as a phone may paste them: %s', async (name, write) => {
    const { caller, email, otp, otpId } = await asked(1, `${name}@example.com`);
    const wrong = await caller.verify({ email, otp: write(wrongCode(otp)), otpId });
    expectProblem(wrong, 400, 'otp_incorrect');
    expect((await caller.verify({ email, otp: write(otp), otpId })).body).toEqual(verified);
  });
});

test('what cannot be the code is told as such, and is no guess', async () => {
  const { caller, email, otp, otpId } = await asked(4, 'no-code@example.com');
  const typed = [
    'abcdef',
    `${otp.slice(1)}x`,
    `x${otp}`,
    otp.slice(1),
    `${otp}0`,
    '1.5e+9',
    '-------',
    '½½½½½½',
    'ⅥⅥⅥⅥⅥⅥ',
  ];
  for (const guess of typed) {
    const answer = await stage.unchanged(() => caller.verify({ email, otp: guess, otpId }));
    expectProblem(answer, 400, 'invalid_request');
    expect(answer.body.detail).toMatch(/^otp: (?:the code has 6 digits|must be the code, as a string of digits)$/);
  }
  expect((await caller.verify({ email, otp, otpId })).body).toEqual(verified);
});
