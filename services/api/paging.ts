/** Pages of a list, by number and length or behind a place, and the block about them that the guide's admin panel reads. */
import { z } from '@hono/zod-openapi';
import type { Paged } from '../store/admin-pages.ts';

/** So far into a list pages have numbers; what lies deeper is reached from page to page. */
const NUMBERED_ROWS_MAX = 100_000;
const LIMIT_MAX = 200;

/** A whole number from 1, in digits; absent, the fallback. */
export function countTo(max: number, fallback: number, description: string) {
  const words = `must be a whole number from 1 to ${max}`;
  const digits = z.string(words).regex(/^\d+$/, words);
  return digits
    .transform(Number)
    .pipe(z.number(words).int().min(1).max(max))
    .default(fallback)
    .openapi({ type: 'integer', minimum: 1, maximum: max, default: fallback, description });
}

const page = countTo(
  NUMBERED_ROWS_MAX,
  1,
  `Which page, from 1. Pages have numbers up to row ${NUMBERED_ROWS_MAX}; what lies deeper is reached with \`after\`, beside which this does not count.`,
);

const limit = countTo(LIMIT_MAX, 50, 'How many rows a page has.');

/** The query of a list, with fields of its own; `after` reads what the same list gave as nextCursor. */
export const pageQuery = <Fields extends z.ZodRawShape, Place>(fields: Fields, after: z.ZodType<Place, string>) =>
  z.object({ page, limit, after: after.optional(), ...fields }).superRefine((query, context) => {
    const asked = query as { page: number; limit: number; after?: Place };
    const isTold = context.issues.length > 0;
    if (isTold || asked.after !== undefined || asked.page * asked.limit <= NUMBERED_ROWS_MAX) return;
    context.addIssue({
      code: 'custom',
      path: ['page'],
      message: `must not lie beyond row ${NUMBERED_ROWS_MAX}: go on with after, which takes pagination.nextCursor of the page before`,
    });
  });

/** What a list gave as nextCursor. */
export const place = (form: RegExp) =>
  z.string().regex(form, 'must be the pagination.nextCursor of the page before').openapi({
    description: '`pagination.nextCursor` of the page before: the page that follows it.',
  });

export const nextCursor = z
  .string()
  .optional()
  .openapi({ description: 'Where the next page begins, for `after`; absent at the end.' });

export const paginationAnswer = z
  .object({
    page: z.int(),
    limit: z.int().openapi({ example: 50 }),
    total: z.int().openapi({ description: 'How many rows there are.' }),
    totalPages: z.int(),
    totalIsEstimate: z.literal(true).optional().openapi({ description: 'Present where there is too much to count.' }),
    nextCursor,
  })
  .openapi('Pagination');

type Asked = Readonly<{ page: number; limit: number }>;

export const pagination = <Place>(
  { page: number, limit: length }: Asked,
  { total, totalIsEstimate, next }: Omit<Paged<unknown, Place>, 'rows'>,
  written: (place: Place) => string,
) => ({
  page: number,
  limit: length,
  total,
  totalPages: Math.ceil(total / length),
  ...(totalIsEstimate && { totalIsEstimate: true as const }),
  ...(next !== undefined && { nextCursor: written(next) }),
});
