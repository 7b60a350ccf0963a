/** Which numbers a run computes with: what the recipe wishes, on the device that there is. */
import { PretextError } from '../../contract/errors.ts';
import type { PrecisionChoice } from '../../contract/recipe/device.ts';
import { hasBfloat16, type Precision, type TensorFlowInfo } from '../../tensor/index.ts';

/**
 * Mixed precision is float16 with loss scaling on a GPU, and bfloat16 on a processor with instructions for it.
 *
 * @throws PretextError `precision.unsupported` on any other processor, where it would only be slower
 */
export function precisionOf(
  choice: PrecisionChoice | undefined,
  device: TensorFlowInfo['device'],
  bfloat16 = hasBfloat16(),
): Precision {
  if (choice !== 'mixed') return 'float32';
  if (device === 'gpu') return 'float16';
  if (bfloat16) return 'bfloat16';
  throw new PretextError({
    code: 'precision.unsupported',
    message:
      'This processor has no instructions for numbers of 16 bits: mixed precision would make it slower.',
    place: 'device.precision',
    remedy: 'Write float32 for device.precision, or leave it out.',
  });
}
