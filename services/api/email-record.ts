/** A row of user_email_addresses as JSON. Sealpost knows no names of users: user_name is null. */
import type { EmailRecord } from '../store/admin-queries.ts';
import { z } from '@hono/zod-openapi';
import { time } from './fields.ts';

export const emailRecord = z
  .object({
    id: z.int().openapi({ example: 7, description: 'What toggle-verification takes as `emailId`.' }),
    user_id: z.string().openapi({ example: '7f1c1c9e-8f43-4c55-9a2b-0f7d1e2a3b4c' }),
    email_address: z.string().openapi({ example: 'a@example.com' }),
    is_verified: z.boolean(),
    verified_at: time.nullable(),
    purpose: z.string().openapi({ example: 'verification' }),
    verification_method: z.string().openapi({ example: 'otp', description: 'otp, registration or admin.' }),
    user_name: z.string().nullable().openapi({ description: 'Always null: Sealpost knows no names.' }),
    created_at: time,
    updated_at: time,
  })
  .openapi('EmailRecord');

export const emailRecordOf = (row: EmailRecord) => ({
  id: row.id,
  user_id: row.user_id,
  email_address: row.email_address,
  is_verified: row.is_verified,
  verified_at: row.verified_at?.toISOString() ?? null,
  purpose: row.purpose,
  verification_method: row.verification_method,
  user_name: null,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});
