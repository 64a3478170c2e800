/** Short forms for describing a route: a JSON body and a JSON answer. What it may refuse stands in description/refused.ts. */
import type { z } from '@hono/zod-openapi';
import { doneAnswer } from './fields.ts';

export const jsonBody = <T extends z.ZodType>(schema: T) => ({
  required: true as const,
  content: { 'application/json': { schema } },
});

/** Without an example, one is put together from those of the schema's members. */
export const jsonAnswer = <T extends z.ZodType>(schema: T, description: string, example?: z.input<T>) => ({
  description,
  content: { 'application/json': { schema, ...(example === undefined ? {} : { example }) } },
});

/** Of what only says that it is done. */
export const saidDone = (description: string, message: string) =>
  jsonAnswer(doneAnswer, description, { success: true, message });
