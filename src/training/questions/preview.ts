/** What a pretext task makes of a few stored samples, eagerly. */
import { computedType } from '../../contract/data/sample-values.ts';
import type { RawPreviewItem } from '../../contract/data/preview.ts';
import type { Question } from '../../contract/messages/questions.ts';
import { buildEncoder } from '../../learning/encoders/registry.ts';
import { previewItems } from '../../learning/pretext/preview.ts';
import { findPretextTask, pretextOptions } from '../../learning/pretext/registry.ts';
import type { SampleFacts } from '../../learning/pretext/task.ts';
import { seedOf, startTensorFlow, tensorOf, tf, type Tensor } from '../../tensor/index.ts';
import { readSamples, typedSamples } from '../samples/reader.ts';

export async function answerPreview(request: Question<'preview'>): Promise<RawPreviewItem[]> {
  await startTensorFlow();
  const { dataset, indices, modality, inputShape } = request;
  const bytes = await readSamples(dataset, Int32Array.from(dataset.offsets.keys()));
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
    const all = tensorOf(
      { shape: [dataset.offsets.length, ...dataset.shape], dtype: computedType(dataset.dtype) },
      typedSamples(bytes, dataset.dtype),
    );
    const { samples, facts } = parted(all, indices.length, request.found);
    const seed = tf.tensor1d(seedOf(request.seed, 0), 'int32');
    const asked = {
      modality,
      options,
      channelStatistics: dataset.channelStatistics,
      samples,
      seed,
      ...(facts && { facts }),
      ...(dataset.about && { about: dataset.about }),
      ...(request.encoder && {
        encoder: buildEncoder(request.encoder, modality, inputShape, dataset.about),
      }),
    };
    items = previewItems(task, asked, indices);
  });
  return items;
}

/** The samples to show, and what was drawn for them. */
function parted(all: Tensor, count: number, found?: Float32Array): { samples: Tensor; facts?: SampleFacts } {
  if (!found) return { samples: all };
  const shape = all.shape.slice(1);
  const each = found.length / count;
  const [samples, others] = tf.split(all, [count, count * each], 0) as [Tensor, Tensor];
  return {
    samples,
    facts: {
      companions: tf.reshape(others, [count, each, ...shape]),
      found: tf.tensor2d(found, [count, each]),
    },
  };
}
