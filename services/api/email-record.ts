/** A row of user_email_addresses as JSON. Sealpost knows no names of users: user_name is null. */
import type { EmailRecord } from '../store/admin-queries.ts';
import { z } from '@hono/zod-openapi';
import { time } from './fields.ts';

export const emailRecord = z.object({
  id: z.int(),
  user_id: z.string(),
  email_address: z.string(),
  is_verified: z.boolean(),
  verified_at: time.nullable(),
  purpose: z.string(),
  verification_method: z.string(),
  user_name: z.string().nullable(),
  created_at: time,
  updated_at: time,
});

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
