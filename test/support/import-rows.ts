/** A row of each of the guide's tables, as an import reads it. */
import type { SourceAddress, SourceCode } from '../../services/store/import-source.ts';
import { user } from './api.ts';

export const link: SourceAddress = {
  id: 1,
  user_id: user(1),
  email: 'Anna@Example.com',
  verified: true,
  verified_at: 300,
  purpose: 'business',
  method: 'otp',
  created_at: 100,
  updated_at: 400,
};
export const code: SourceCode = {
  id: user(101),
  user_id: user(1),
  email: 'Anna@Example.com',
  purpose: 'business',
  verified: false,
  verified_at: null,
  expires_at: 700,
  attempts: 2,
  max_attempts: 5,
  created_at: 100,
  updated_at: 400,
};
