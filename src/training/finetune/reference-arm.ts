/** Arms that need no encoder: what else a person would fit to the same labels, on the samples as they are stored. */
import { columnsOf } from '../../learning/layers/row-columns.ts';
import { balancedClassWeights } from '../../learning/downstream/model.ts';
import { fitLinearReference, fitTreesReference } from '../../learning/references/fit.ts';
import type { RunControl, RunOutcome } from '../control.ts';
import type { FinetuneInputs } from '../inputs.ts';
import { readSamples, typedSamples } from '../samples/reader.ts';
import { runFittedArm, type SampleRows } from './fitted-arm.ts';
import { weighsClasses } from './labels.ts';

export function runReferenceArm(job: FinetuneInputs, control: RunControl): Promise<RunOutcome> {
  const { dataset, finetune, inputShape, target } = job;
  const columns = columnsOf(inputShape, job.about);
  const classCount = target === 'classes' ? dataset.classNames.length : 0;
  const fit = job.arm === 'reference-trees' ? fitTreesReference : fitLinearReference;
  const targetOf = ({ indices }: SampleRows) =>
    Float64Array.from(indices, (index) => (classCount > 0 ? dataset.classIds : dataset.numbers)[index]!);
  return runFittedArm(job, control, {
    async rowsOf(indices) {
      const values = typedSamples(await readSamples(dataset, indices), dataset.dtype);
      return { values: Float32Array.from(values), rows: indices.length, columns: columns.length };
    },
    fit(labeled, validation) {
      const targets = targetOf(labeled);
      return fit({
        train: { features: labeled.rows, targets },
        validation: { features: validation.rows, targets: targetOf(validation) },
        columns,
        classCount,
        ...(classCount > 0 &&
          weighsClasses(finetune) && {
            classWeights: balancedClassWeights(Int32Array.from(targets), classCount),
          }),
      });
    },
  });
}
