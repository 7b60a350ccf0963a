/** What a form says of an engine, checked before anything is packed. */
import type { Field } from '../../../src/contract/field-schema.ts';
import { engineWishesSchema, type EngineWishes } from '../../../src/contract/elsewhere/engine.ts';
import { PretextError } from '../../../src/contract/errors.ts';

/**
 * @param fields those that the engine heeds: what was said of others is left out
 * @throws PretextError `engine.wish` that names the field as the form does
 */
export function wishesOf(fields: readonly Field[], values: Record<string, unknown>): EngineWishes {
  const said = fields
    .map(({ name }) => [name, values[name]] as const)
    .filter(
      ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
    );
  const checked = engineWishesSchema.safeParse(Object.fromEntries(said));
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const field = fields.find(({ name }) => name === issue?.path[0]);
  throw new PretextError({
    code: 'engine.wish',
    message: `${field?.title ?? 'A field'} ${issue?.message}`,
    remedy: 'Correct it: nothing was packed.',
  });
}
