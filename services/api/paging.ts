/** Pages of a list, by number and length, and the block about them that the guide's admin panel reads. */
import { z } from '@hono/zod-openapi';
import type { Page } from '../store/admin-queries.ts';

const PAGE_MAX = 100_000;
const LIMIT_MAX = 200;

const countTo = (max: number, fallback: number) =>
  z.coerce.number(`must be a whole number from 1 to ${max}`).int().min(1).max(max).default(fallback);

const page = countTo(PAGE_MAX, 1);

const limit = countTo(LIMIT_MAX, 50);

export const pageFields = { page, limit };

export const pageQuery = z.object(pageFields);

export const paginationAnswer = z.object({ page: z.int(), limit: z.int(), total: z.int(), totalPages: z.int() });

export const pagination = ({ page: number, limit: length }: Page, total: number) => ({
  page: number,
  limit: length,
  total,
  totalPages: Math.ceil(total / length),
});
