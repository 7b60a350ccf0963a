/** DINO: a student tells from a part of the sample what its slow teacher tells from the whole. */
import { z } from 'zod';
import { gelu, l2Normalize, stopGradient, tf, type Scalar, type Tensor } from '../../../tensor/index.ts';
import { normalizeChannels } from '../../channels.ts';
import { projection } from '../../layers/dense.ts';
import { functionLayer, sequence, variable, type Layer, type Pass } from '../../layers/layer.ts';
import { prototypesName, unitPrototypes } from '../../layers/unit-prototypes.ts';
import { dinoLoss, nextCentre } from '../../losses/dino.ts';
import { integerField, numberField, switchField } from '../../../contract/fields.ts';
import { smallCrops } from '../../modalities/views.ts';
import { smallCropField } from '../../views/multi-crop.ts';
import { classesTold } from '../parts/output-signs.ts';
import { stepsSuit } from '../parts/proposed-training.ts';
import { cosineMomentum, suitableMomentum, targetNetwork } from '../parts/target-network.ts';
import { projectionHiddenField, projectionSizeField } from '../parts/head-fields.ts';
import { definePretextTask, pretextModel } from '../task.ts';
import { normalizedViews, previewOfTwoViews, viewFields } from '../parts/two-views.ts';

const temperature = (title: string, help: string, value: number, advanced = false) =>
  numberField({ title, help, minimum: 0.005, maximum: 1, default: value, advanced });
const share = (title: string, help: string, value: number, advanced = false) =>
  numberField({ title, help, minimum: 0, maximum: 1, default: value, advanced });

const options = z.strictObject({
  prototypes: integerField({
    title: 'Prototypes',
    help: 'Classes that teacher and student sort samples into; nobody says what they are.',
    minimum: 4,
    maximum: 65_536,
    default: 512,
  }),
  momentum: share(
    'Momentum of the teacher',
    'Share of the teacher that is kept at each step in the beginning; it rises to 1. Nearer to 1 for longer runs.',
    0.99,
  ),
  studentTemperature: temperature(
    'Temperature of the student',
    'Higher than the teacher’s: the student’s answers are softer.',
    0.1,
  ),
  teacherTemperature: temperature(
    'Temperature of the teacher',
    'Lower makes the teacher surer of its answers. Too low, all samples may fall into one class; too high, they are all alike.',
    0.04,
  ),
  teacherWarmupTemperature: temperature(
    'First temperature of the teacher',
    'Where the teacher’s temperature begins; it moves evenly to the other during the warm-up.',
    0.04,
    true,
  ),
  teacherWarmupShare: share(
    'Warm-up of the teacher',
    'Share of the run in which the teacher’s temperature moves to its final value.',
    0.3,
    true,
  ),
  centreMomentum: share(
    'Momentum of the centre',
    'Share that is kept of the mean of the teacher’s answers, which is taken from them so that no class wins for all samples.',
    0.9,
    true,
  ),
  frozenShare: share(
    'Frozen prototypes',
    'Share of the run, at its beginning, in which the prototypes stand still.',
    0.03,
    true,
  ),
  projectionHidden: projectionHiddenField('Units of both hidden layers of the projection head.'),
  projectionSize: projectionSizeField('Numbers in which samples are compared with the prototypes.'),
  headNorm: switchField({
    title: 'Batch norm in the head',
    help: 'Batch norm in the hidden layers of the projection head; transformers do without.',
    default: true,
    advanced: true,
  }),
  smallCrops: smallCropField({ count: 2 }),
  ...viewFields(),
});
type Options = z.output<typeof options>;

const LAST = 'projection/last';
const CENTRE = 'centre';

/** Hidden layers, a vector of length 1, and how far it points towards each prototype. */
function dinoHead(inputs: number, options: Options): Layer {
  const { projectionHidden: hidden, projectionSize: outputs, prototypes, headNorm } = options;
  const layers = { hiddenLayers: 2, normalizeHidden: headNorm, activation: gelu };
  return sequence([
    projection({ name: 'projection', inputs, hidden, outputs, ...layers }),
    functionLayer(l2Normalize),
    unitPrototypes({ name: LAST, inputs: outputs, outputs: prototypes }),
  ]);
}

/** The teacher's temperature: a straight line during the warm-up, then its final value. */
export function teacherTemperature(options: Options, progress: Tensor): Scalar {
  const { teacherTemperature: last, teacherWarmupTemperature: first, teacherWarmupShare: warmup } = options;
  const done = tf.clipByValue(tf.div(progress, Math.max(warmup, 1e-6)), 0, 1);
  return tf.add(tf.mul(done, last - first), first) as Scalar;
}

/** The same pass, in which the prototypes take no gradient before their share of the run is over. */
function withFrozenPrototypes(pass: Pass, progress: Tensor, frozenShare: number): Pass {
  const name = prototypesName(LAST);
  const prototypes = variable(pass.parameters, name);
  const free = tf.cast(tf.greaterEqual(progress, frozenShare), 'float32');
  const held = tf.add(tf.mul(prototypes, free), tf.mul(stopGradient(prototypes), tf.sub(1, free)));
  return { ...pass, parameters: { ...pass.parameters, [name]: held } };
}

/** The first epoch, as in the paper, of runs that have many; of short ones a tenth. */
const frozenShareOf = (epochs: number) => Math.round(1000 * Math.min(0.1, 1 / epochs)) / 1000;

export const dino = definePretextTask({
  id: 'dino',
  title: 'DINO',
  summary:
    'A student network, shown small parts of a sample, learns to answer as a slowly following teacher does that sees most of it. Strong with transformers; needs more time a step than two views alone.',
  paper: {
    authors: 'Caron, Touvron, Misra, Jégou, Mairal, Bojanowski, Joulin',
    year: 2021,
    title: 'Emerging Properties in Self-Supervised Vision Transformers',
    url: 'https://arxiv.org/abs/2104.14294',
  },
  family: 'joint',
  pseudoLabel: 'The teacher’s soft class of another view of the same sample.',
  healthy:
    'The loss begins near the logarithm of the number of prototypes and falls unevenly, now and then rising while the teacher changes. The teacher’s entropy lies between 0 and that logarithm. If the loss stays at the logarithm, all answers are alike: lower the teacher’s temperature. If loss and entropy are both near 0, one class has swallowed all: raise it.',
  options,
  defaults(context) {
    const training = { ...stepsSuit(context), learningRate: 0.001 };
    const momentum = suitableMomentum(context, training);
    const { epochs } = context.runLength ?? training;
    return { options: { momentum, frozenShare: frozenShareOf(epochs) }, training };
  },
  build({ encoder, options, modality, channelStatistics }) {
    const head = dinoHead(encoder.featureCount, options);
    const teacher = targetNetwork({ encoder, heads: [head] });
    return pretextModel({
      encoder,
      heads: [head],
      buffers: (seed) => ({ ...teacher.buffers(seed), [CENTRE]: tf.zeros([options.prototypes]) }),
      step(step) {
        const { samples, seed, encode, progress, buffers } = step;
        const request = { samples, seed, options, modality, channelStatistics };
        const large = normalizedViews(request);
        const slow = teacher.follow(step, cosineMomentum(options.momentum, progress));
        const teacherLogits = large.map((view) => head.apply(slow.encode(view).features, slow.pass));

        const pass = withFrozenPrototypes(step.pass, progress, options.frozenShare);
        const features = large.map((view) => encode(view).features);
        const studentLogits = features.map((vectors) => head.apply(vectors, pass));
        const small = smallCrops(request);
        if (small) {
          const logits = head.apply(encode(normalizeChannels(small, channelStatistics)).features, pass);
          studentLogits.push(...tf.split(logits, options.smallCrops.count, 0));
        }
        const centre = variable(buffers, CENTRE);
        const { loss, teacherEntropy, targets } = dinoLoss(teacherLogits, studentLogits, centre, {
          student: options.studentTemperature,
          teacher: teacherTemperature(options, progress),
        });
        return {
          loss,
          metrics: { teacherEntropy, outputClasses: classesTold(targets[0]!) },
          buffers: { ...slow.buffers(), [CENTRE]: nextCentre(centre, teacherLogits, options.centreMomentum) },
        };
      },
    });
  },
  preview(request) {
    const { columns, pseudoLabels } = previewOfTwoViews(request, 'the teacher’s class of another view');
    const small = smallCrops(request);
    if (!small) return { columns, pseudoLabels };
    const [first] = tf.split(small, request.options.smallCrops.count, 0);
    return { columns: [...columns, { title: 'Small view', role: 'view', values: first! }], pseudoLabels };
  },
});
