/** Arms that need no encoder: what else a person would fit to the same labels, on the samples as they are stored. */
import { columnsOf } from '../../../learning/layers/row-columns.ts';
import { balancedClassWeights } from '../../../learning/downstream/model.ts';
import { fitLinearReference, fitTreesReference } from '../../../learning/references/fit.ts';
import type { RunControl, RunOutcome } from '../../control.ts';
import type { FinetuneInputs } from '../../inputs.ts';
import { readSamples, typedSamples } from '../../samples/reader.ts';
import { runFittedArm } from './fitted-arm.ts';
import { weighsClasses } from '../scores/labels.ts';

export function runReferenceArm(job: FinetuneInputs, control: RunControl): Promise<RunOutcome> {
  const { dataset, finetune, inputShape } = job;
  const columns = columnsOf(inputShape, job.about);
  const fitReference = job.arm === 'reference-trees' ? fitTreesReference : fitLinearReference;
  return runFittedArm(job, control, {
    async rowsOf(indices) {
      const values = typedSamples(await readSamples(dataset, indices), dataset.dtype);
      return { values: Float32Array.from(values), rows: indices.length, columns: columns.length };
    },
    fit: (train, validation, classCount) =>
      fitReference({
        train,
        validation,
        columns,
        classCount,
        ...(classCount > 0 &&
          weighsClasses(finetune) && {
            classWeights: balancedClassWeights(Int32Array.from(train.targets), classCount),
          }),
      }),
  });
}
