/** What a pretext task makes of a few stored samples, eagerly. */
import { computedType } from '../../contract/data/sample-values.ts';
import type { RawPreviewItem } from '../../contract/data/preview.ts';
import type { Question } from '../../contract/messages/questions.ts';
import { buildEncoder } from '../../learning/encoders/registry.ts';
import { previewItems } from '../../learning/pretext/preview.ts';
import { findPretextTask, pretextOptions } from '../../learning/pretext/registry.ts';
import { seedOf, startTensorFlow, tensorOf, tf } from '../../tensor/index.ts';
import { readSamples, typedSamples } from '../samples/reader.ts';

export async function answerPreview(request: Question<'preview'>): Promise<RawPreviewItem[]> {
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
  // Handed out around the scope's own return, which would look for tensors among all their numbers.
  let items: RawPreviewItem[] = [];
  tf.tidy(() => {
    const samples = tensorOf(
      { shape: [indices.length, ...dataset.shape], dtype: computedType(dataset.dtype) },
      typedSamples(bytes, dataset.dtype),
    );
    const seed = tf.tensor1d(seedOf(request.seed, 0), 'int32');
    const asked = {
      modality,
      options,
      channelStatistics: dataset.channelStatistics,
      samples,
      seed,
      ...(dataset.about && { about: dataset.about }),
      ...(request.encoder && {
        encoder: buildEncoder(request.encoder, modality, inputShape, dataset.about),
      }),
    };
    items = previewItems(task, asked, indices);
  });
  return items;
}
