/** A fine-tuning run: one arm at one label budget, over all its seeds in turn. */
import { startTensorFlow } from '../../tensor/index.ts';
import type { FinetuneInputs } from '../inputs.ts';
import type { RunControl, RunOutcome } from '../control.ts';
import { environmentOf, threadUseOf } from '../machine.ts';
import { precisionOf } from '../step/precision.ts';
import { isReference } from '../../contract/recipe/arms.ts';
import { runReferenceArm } from './arms/reference-arm.ts';
import { runProbeArm } from './arms/probe-arm.ts';
import { runTrainedArm } from './arms/trained-arm.ts';

export async function runFinetune(job: FinetuneInputs, control: RunControl): Promise<RunOutcome> {
  const info = await startTensorFlow(threadUseOf(job));
  const precision = precisionOf(job.precision, info.device);
  control.environment({ ...environmentOf(info), precision });
  if (isReference(job.arm)) return runReferenceArm(job, control);
  const probing = job.arm === 'linear-probe' || job.arm === 'knn-probe';
  const computing = { precision, device: info.device };
  return probing ? runProbeArm(job, control, info.device) : runTrainedArm(job, control, computing);
}
