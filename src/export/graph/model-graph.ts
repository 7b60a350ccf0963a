/** What an exported model computes, as a graph: raw samples to features and answers. */
import { createHead, type HeadKind } from '../../learning/downstream/head.ts';
import { normalizeChannels, statisticsFor } from '../../learning/channels.ts';
import { buildEncoder } from '../../learning/encoders/registry.ts';
import { createPass } from '../../learning/layers/layer.ts';
import { PretextError } from '../../contract/errors.ts';
import { tensorOf, tf, traceForward, type State, type StateArrays, type Tensor } from '../../tensor/index.ts';
import { answerName, type ExportedHead, type ExportedMember, type ExportedModel } from '../model.ts';
import { anyBatch, type BatchGraph, type ModelGraph } from './batch.ts';
import { withoutCasts, withWeightsReshaped } from './simplify.ts';

/** Of the input, and of the output that every model has. */
export const INPUT = 'samples';
export const FEATURES = 'features';
/** What a probability of 0 counts as where its logarithm is taken. */
const SMALLEST_PROBABILITY = 1e-12;

/**
 * Input `samples`: float32 [N, …inputShape] in stored units. Outputs: `features` [N, F] and, with a head,
 * `probabilities` [N, classes or labels], `number` [N, 1] or `numbers` [N, …]. Channels are normalised and answers calibrated inside.
 */
export function modelGraph(model: ExportedModel): ModelGraph {
  const { compute, weights } = forwardOf(model);
  const graph = tf.tidy(() => {
    const state = tensorsOf(weights);
    return anyBatch((batch) =>
      traceForward(
        state,
        { [INPUT]: { shape: [batch, ...model.inputShape], dtype: 'float32' } },
        (own, inputs) => compute(own, inputs[INPUT]!),
      ),
    ) as never;
  }) as unknown as BatchGraph;
  return withWeightsReshaped({ ...withoutCasts(graph), weights });
}

/** The same computed here, op by op: what other programs' answers are compared with. */
export function answersHere(model: ExportedModel, samples: Float32Array): Record<string, Float32Array> {
  const { compute, weights } = forwardOf(model);
  const size = model.inputShape.reduce((product, side) => product * side, 1);
  return tf.tidy(() => {
    const shape = [samples.length / size, ...model.inputShape];
    const outputs = compute(tensorsOf(weights), tf.tensor(samples, shape));
    return Object.fromEntries(
      Object.entries(outputs).map(([name, tensor]) => [name, tensor.dataSync() as Float32Array]),
    ) as never;
  }) as unknown as Record<string, Float32Array>;
}

const tensorsOf = (weights: StateArrays): State =>
  Object.fromEntries(Object.entries(weights).map(([name, array]) => [name, tensorOf(array, array.values)]));

function forwardOf(model: ExportedModel) {
  const { members, head } = model;
  const encoder = buildEncoder(model.encoder, model.modality, model.inputShape, model.about);
  const layers = members.map(({ scales }) => head && createHead(kindOf(head, scales), encoder.featureCount));
  const first: State = { ...encoder.parameters(0), ...encoder.statistics() };
  const shapes = new Map(Object.entries(first).map(([name, { shape }]) => [name, shape]));
  for (const { name, shape } of layers[0]?.layer.parameters ?? []) shapes.set(name, shape);
  tf.dispose(first);

  const prefix = (member: number) => (members.length > 1 ? `member${member}/` : '');
  const weights = Object.fromEntries(
    members.flatMap((member, index) =>
      [...shapes].map(([name, shape]) => [
        `${prefix(index)}${name}`,
        weightNamed(member.weights, name, shape),
      ]),
    ),
  );
  const answersOf = (state: State, input: Tensor, member: number) => {
    const own = Object.fromEntries(
      [...shapes.keys()].map((name) => [name, state[`${prefix(member)}${name}`]!]),
    );
    const all = { parameters: own, statistics: own };
    const { features } = encoder.apply(all, input, { training: false });
    const layer = layers[member];
    return { features, raw: layer ? layer.layer.apply(features, createPass(all, false)) : null };
  };
  const compute = (state: State, samples: Tensor): Record<string, Tensor> => {
    const input = normalizeChannels(samples, statisticsFor(model.channelStatistics, model.about));
    const given = members.map((_, index) => answersOf(state, input, index));
    const { features } = given[0]!;
    if (!head) return { [FEATURES]: features };
    const temperature = 'temperature' in head ? head.temperature : 1;
    // The same for one member, and without the way through probabilities.
    const logits =
      members.length === 1
        ? given[0]!.raw!
        : mean(
            given.map(({ raw }, index) => layers[index]!.answer(raw!)),
            head.kind,
          );
    const calibrated = temperature === 1 ? logits : tf.div(logits, temperature);
    const answers =
      !('temperature' in head) && members.length > 1 ? logits : layers[0]!.answer(calibrated as Tensor);
    return { [FEATURES]: features, [answerName(head)]: answers };
  };
  return { compute, weights };
}

/** The mean of answers; of probabilities the logits, which a softmax or sigmoid makes the mean of again. */
function mean(answers: readonly Tensor[], kind: ExportedHead['kind']): Tensor {
  const sum = answers.reduce((total, each) => tf.add(total, each));
  const averaged = tf.div(sum, answers.length) as Tensor;
  const logarithm = (values: Tensor) => tf.log(tf.maximum(values, SMALLEST_PROBABILITY));
  if (kind === 'classes') return logarithm(averaged);
  return kind === 'labels' ? tf.sub(logarithm(averaged), logarithm(tf.sub(1, averaged))) : averaged;
}

function kindOf(head: ExportedHead, scales: ExportedMember['scales']): HeadKind {
  const [scale] = scales ?? [];
  switch (head.kind) {
    case 'classes':
      return { kind: 'softmax', classCount: head.names.length };
    case 'labels':
      return { kind: 'sigmoid', labelCount: head.names.length };
    case 'number':
      return { kind: 'linear', targetMean: scale?.mean ?? 0, targetDeviation: scale?.deviation ?? 1 };
    case 'numbers':
      return {
        kind: 'linears',
        targetMeans: head.names.map((_, at) => scales?.[at]?.mean ?? 0),
        targetDeviations: head.names.map((_, at) => scales?.[at]?.deviation ?? 1),
      };
  }
}

function weightNamed(weights: StateArrays, name: string, shape: readonly number[]): StateArrays[string] {
  const found = weights[name];
  if (found && found.shape.join() === shape.join()) return found;
  throw new PretextError({
    code: 'export.weights',
    message: found
      ? `The model's weight ${name} has the shape [${found.shape.join(', ')}], but its network wants [${shape.join(', ')}].`
      : `The model lacks the weight ${name}.`,
    remedy: 'Export another model, or train this one again.',
  });
}
