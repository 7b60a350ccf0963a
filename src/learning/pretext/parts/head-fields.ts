/** Options of the projection head that tasks which compare views have in common. */
import { integerField } from '../../../contract/fields.ts';

/** @param help what is as wide, where it is more than the head's hidden layer */
export const projectionHiddenField = (
  help = 'Hidden units of the projection head, which is dropped after pretraining.',
) => integerField({ title: 'Hidden width', help, minimum: 8, maximum: 8192, default: 256, unit: 'units' });

/** @param help what is compared, where it is not one view with another */
export const projectionSizeField = (help = 'Numbers in which views are compared.') =>
  integerField({ title: 'Projection size', help, minimum: 4, maximum: 4096, default: 64 });
