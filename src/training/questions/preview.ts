/** What a pretext task makes of a few stored samples, eagerly. */
import { computedType } from '../../contract/data/sample-values.ts';
import type { Answer, Question } from '../../contract/messages/questions.ts';
import { buildEncoder } from '../../learning/encoders/registry.ts';
import { findPretextTask, pretextOptions } from '../../learning/pretext/registry.ts';
import { seedOf, startTensorFlow, tensorOf, tf, toFloat } from '../../tensor/index.ts';
import { readSamples, typedSamples } from '../samples/reader.ts';

export async function previewItems(request: Question<'preview'>): Promise<Answer<'preview'>> {
  await startTensorFlow();
  const { dataset, indices, modality, inputShape } = request;
  const bytes = await readSamples(dataset, Int32Array.from(indices.keys()));
  const task = findPretextTask(request.task, modality);
  const options = pretextOptions(request.task, request.options, {
    modality,
    inputShape,
    sampleCount: request.sampleCount,
    ...(dataset.about && { about: dataset.about }),
  });
  return tf.tidy(() => {
    const samples = tensorOf(
      { shape: [indices.length, ...dataset.shape], dtype: computedType(dataset.dtype) },
      typedSamples(bytes, dataset.dtype),
    );
    const seed = tf.tensor1d(seedOf(request.seed, 0), 'int32');
    const { columns, pseudoLabels } = task.preview({
      modality,
      options,
      channelStatistics: dataset.channelStatistics,
      samples,
      seed,
      ...(dataset.about && { about: dataset.about }),
      ...(request.encoder && {
        encoder: buildEncoder(request.encoder, modality, inputShape, dataset.about),
      }),
    });
    const read = columns.map(({ title, role, values }) => ({
      title,
      role,
      shape: values.shape.slice(1),
      values: toFloat(values).dataSync() as Float32Array,
    }));
    return indices.map((sampleIndex, row) => ({
      sampleIndex,
      pseudoLabel: pseudoLabels[row]!,
      panels: read.map(({ title, role, shape, values }) => {
        const size = shape.reduce((product, side) => product * side, 1);
        return { title, role, shape, values: values.slice(row * size, (row + 1) * size) };
      }),
    }));
  });
}
