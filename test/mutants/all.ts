/** Every mutant, room by room. */
import type { Mutant } from './mutant.ts';
import { appendMutants } from './rows/append.ts';
import { modelMutants } from './rows/model.ts';
import { typingMutants } from './rows/typing.ts';

export const mutants: readonly Mutant[] = [...appendMutants, ...modelMutants, ...typingMutants];
