/**
 * What counts when it is asked whether two runs have done the same (`service/runs/reuse.ts`): everything, but for
 * fields that are marked, where their schema is, as changing nothing in what is found.
 */
import { z } from 'zod';

interface Mark {
  /** false: it says where, how, or how often, not what. */
  counts?: false;
  /** Arms that never look at it. */
  unreadBy?: readonly string[];
}

const marks = z.registry<Mark>();

/** A field that changes nothing in what a run finds. */
export function uncounted<Field extends z.ZodType>(field: Field): Field {
  marks.add(field, { counts: false });
  return field;
}

/** A field that changes nothing in what a run of these arms finds. */
export function unreadBy<Field extends z.ZodType>(arms: readonly string[], field: Field): Field {
  marks.add(field, { unreadBy: arms });
  return field;
}

/** The fields of a document that count; those that the schema does not know do. */
export function countedFields(
  schema: z.ZodObject,
  document: object,
  arm: string | null,
): Record<string, unknown> {
  const counts = (name: string): boolean => {
    const field = schema.shape[name];
    const { counts: marked, unreadBy: arms = [] } = (field && marks.get(field)) ?? {};
    return marked !== false && !(arm !== null && arms.includes(arm));
  };
  return Object.fromEntries(Object.entries(document).filter(([name]) => counts(name)));
}
