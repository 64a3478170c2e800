/** The password of SES's SMTP door: what AWS's documented algorithm gives, held against values that others have published. */
import { expect, test } from 'vitest';
import { grantedActions } from '../../services/mail/iam-policy.ts';
import { isTemporaryKey, sesSmtpHost, sesSmtpPassword } from '../../services/mail/ses-smtp.ts';

/** Of the test of the same conversion in Terraform's provider for AWS, whose passwords log in. */
test.each([
  ['eu-central-1', 'some+secret+key', 'BMXhUYlu5Z3gSXVQORxlVa7XPaz91aGWdfHxvkOZdWZ2'],
  ['eu-central-1', 'another+secret+key', 'BBbphbrQmrKMx42d1N6+C7VINYEBGI5v9VsZeTxwskfh'],
  ['us-west-1', 'some+secret+key', 'BH+jbMzper5WwlwUar9E1ySBqHa9whi0GPo+sJ0mVYJj'],
  ['us-west-1', 'another+secret+key', 'BKVmjjMDFk/qqw8EROW99bjCS65PF8WKvK5bSr4Y6EqF'],
])('in %s, of %s it is the published one', (region, key, password) => {
  expect(sesSmtpPassword(key, region)).toBe(password);
});

test('it begins with the version of the algorithm, 4, and does not show the key', () => {
  const password = sesSmtpPassword('some+secret+key', 'us-east-1');
  const bytes = Buffer.from(password, 'base64');
  expect([bytes[0], bytes.length]).toEqual([4, 33]);
  expect(bytes.toString('latin1')).not.toContain('secret');
});

test('its host is the region’s, and the policy grants what its user must be allowed', () => {
  expect(sesSmtpHost('eu-central-1')).toBe('email-smtp.eu-central-1.amazonaws.com');
  expect(grantedActions).toContain('ses:SendRawEmail');
});

test.each([
  ['AKIAIOSFODNN7EXAMPLE', false],
  ['ASIAIOSFODNN7EXAMPLE', true],
])('%s is a temporary key: %s', (id, temporary) => {
  expect(isTemporaryKey(id)).toBe(temporary);
});
