/** Events of older shapes read as today's, and what a program does with those of a newer one. */
import { describe, expect, test } from 'vitest';
import { withVersion, upcast, type Upcasts } from '../../services/core/upcast.ts';

const upcasts: Upcasts = {
  sent: [
    (data) => ({ ...data, region: 'eu-west-1' }),
    ({ region, ...data }) => ({ ...data, place: `aws ${String(region)}` }),
  ],
};
const stored = (data: object) => ({ type: 'sent', version: 7, at: 9, data: { otpId: 'a', ...data } });
const read = (data: object) => upcast(stored(data), upcasts);

describe('an event', () => {
  test.each([
    ['of the first version goes through every step', {}, { place: 'aws eu-west-1' }],
    ['of the second through the last', { v: 2, region: 'us-east-1' }, { place: 'aws us-east-1' }],
    ['of the newest through none', { v: 3, place: 'here' }, { place: 'here' }],
  ])('%s; its place and time stay, and the version is not part of it', (_what, data, more) => {
    expect(read(data)).toEqual({ type: 'sent', version: 7, at: 9, data: { otpId: 'a', ...more } });
  });

  test('of a version that this program does not know is an error, not a wrong state', () => {
    expect(() => read({ v: 4 })).toThrow(
      'Unknown version 4 of an event sent: this program is older than its database.',
    );
    expect(() => upcast(stored({ v: 2 }))).toThrow('Unknown version 2');
  });

  test('whose type never changed is as it was written, and is written without a version', () => {
    const event = { type: 'sent', data: { otpId: 'a', mailing: 1, messageId: 'm' } } as const;
    expect(upcast({ ...event, version: 1, at: 2 })).toEqual({ ...event, version: 1, at: 2 });
    expect(withVersion(event)).toBe(event.data);
  });

  test('is written with the version of its shape, and so is read without a step', () => {
    const data = withVersion({ type: 'sent', data: { otpId: 'a', mailing: 1, messageId: 'm' } }, upcasts);
    expect(data).toMatchObject({ v: 3 });
    expect(upcast({ type: 'sent', version: 1, at: 2, data }, upcasts).data).toEqual({
      otpId: 'a',
      mailing: 1,
      messageId: 'm',
    });
  });
});
