/** The local SES keeps to an IAM policy, tells what was called, and has identities in every state. */
import {
  GetIdentityDkimAttributesCommand,
  GetIdentityVerificationAttributesCommand,
  GetSendQuotaCommand,
  VerifyDomainIdentityCommand,
} from '@aws-sdk/client-ses';
import { describe, expect, test } from 'vitest';
import { grantedActions } from '../../services/mail/iam-policy.ts';
import { clientOf, email, start, stored } from './support.ts';

describe('permissions', () => {
  test('an action outside the policy is AccessDenied and does nothing; within it all is as ever', async () => {
    const ses = await start({ granted: grantedActions, identities: ['example.com'] });
    const client = clientOf(ses);
    await client.send(email(['a@example.com']));
    await expect(client.send(new VerifyDomainIdentityCommand({ Domain: 'example.test' }))).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
    const asked = new GetIdentityVerificationAttributesCommand({ Identities: ['example.test'] });
    expect((await client.send(asked)).VerificationAttributes ?? {}).toEqual({});
  });

  test('a send that the policy does not grant is refused, and nothing is stored', async () => {
    const ses = await start({ granted: ['ses:GetSendQuota'] });
    await expect(clientOf(ses).send(email(['a@example.com']))).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(await stored(ses)).toBe(0);
  });

  test('/calls counts what was called, also what was refused; a wrong signature counts as nobody', async () => {
    const ses = await start({ granted: ['ses:GetSendQuota'] });
    const client = clientOf(ses);
    await client.send(new GetSendQuotaCommand({}));
    await client.send(new GetSendQuotaCommand({}));
    await client.send(email(['a@example.com'])).catch(() => {});
    const stranger = clientOf(ses, { credentials: { accessKeyId: 'AKIDLOCAL', secretAccessKey: 'wrong' } });
    await stranger.send(new GetSendQuotaCommand({})).catch(() => {});
    expect(await (await fetch(`${ses.url}/calls`)).json()).toEqual({ GetSendQuota: 2, SendEmail: 1 });
  });

  test.each(['Pending', 'Failed', 'TemporaryFailure'] as const)(
    'an identity that is %s says so, is not signed for and cannot send',
    async (status) => {
      const ses = await start({ identities: [{ identity: 'example.com', status }] });
      const client = clientOf(ses);
      const Identities = ['example.com'];
      const verified = await client.send(new GetIdentityVerificationAttributesCommand({ Identities }));
      expect(verified.VerificationAttributes?.['example.com']?.VerificationStatus).toBe(status);
      const { DkimAttributes } = await client.send(new GetIdentityDkimAttributesCommand({ Identities }));
      expect(DkimAttributes?.['example.com']).toMatchObject({ DkimEnabled: false, DkimVerificationStatus: status });
      await expect(client.send(email(['a@example.com']))).rejects.toMatchObject({ name: 'MessageRejected' });
      expect(await stored(ses)).toBe(0);
    },
  );
});
