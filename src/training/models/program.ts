/** The program of a model that answers: nothing in it trains. */
import type { DownstreamModel } from '../../learning/downstream/model.ts';
import {
  compileProgram,
  type Entry,
  type Program,
  type StateArrays,
  type TensorSpec,
} from '../../tensor/index.ts';
import { takeArrays } from '../checkpoints/state-arrays.ts';
import { entriesForAll } from '../samples/reader.ts';
import { batchOf } from '../step/program.ts';

/** The output with the answers of a head. @param head its place among those of the model */
export const answersOutput = (head: number) => (head === 0 ? 'answers' : `answers-${head}`);

/** Raw samples [size, …] to class probabilities or numbers, and to the features that they follow from. */
export function predictEntry(model: DownstreamModel, sample: TensorSpec, size: number): Entry {
  return {
    inputs: { samples: batchOf(sample, size) },
    run(state, inputs) {
      const { answers, features, others } = model.predict(
        { parameters: state, statistics: state },
        inputs['samples']!,
      );
      const ofOthers = others.map((given, at) => [answersOutput(at + 1), given]);
      return { state: {}, outputs: { answers, features, ...Object.fromEntries(ofOthers) } };
    },
  };
}

/** Entries `predict/…`, as a fine-tuning run has them: equal weights give equal answers. */
export const predictEntries = (model: DownstreamModel, sample: TensorSpec): Record<string, Entry> =>
  entriesForAll('predict', (size) => predictEntry(model, sample, size));

export function compileModel(model: DownstreamModel, sample: TensorSpec, weights: StateArrays): Program {
  const initial = { ...model.parameters(0), ...model.statistics() };
  const program = compileProgram(initial, predictEntries(model, sample));
  takeArrays(initial);
  program.writeState(weights);
  return program;
}
