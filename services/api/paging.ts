/** The pagination block that the guide's admin panel reads. */
import type { Page } from '../store/admin-queries.ts';

export const pagination = ({ page, limit }: Page, total: number) => ({
  page,
  limit,
  total,
  totalPages: Math.ceil(total / limit),
});
