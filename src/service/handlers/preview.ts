import { kindsAmong } from '../../contract/data/sample-description.ts';
import { getDataset } from '../../project/index.ts';
import { companionsFor } from '../datasets/companions.ts';
import { selectFew } from '../datasets/selection.ts';
import { toPanel } from '../datasets/panels.ts';
import { answer } from './answering.ts';

export const previewHandler = answer.preview.handler(async ({ context, input, signal }) => {
  const { project, questions } = context.actions;
  const stored = getDataset(project, input.datasetId);
  const { dataset } = stored;
  const indices = spread(dataset.sampleCount, input.count, input.seed);
  const besides = (input.besides ?? []).map((id) => getDataset(project, id).dataset);
  const drawn = await companionsFor(project, stored, input, indices);
  const positions = [...indices, ...(drawn?.positions ?? [])];
  const chosen = await selectFew(project, stored, positions, input.scale === 'recording');
  const question = {
    modality: dataset.modality,
    inputShape: dataset.shape,
    task: input.task,
    options: input.options,
    ...(input.encoder && { encoder: input.encoder }),
    seed: input.seed,
    sampleCount: dataset.sampleCount,
    dataset: { ...chosen, about: { ...chosen.about, ...kindsAmong([dataset, ...besides]) } },
    ...(drawn && { found: drawn.found }),
    indices,
  };
  const items = await questions.ask('preview', question, { ...(signal && { signal }) });
  return Promise.all(
    items.map(async ({ sampleIndex, pseudoLabel, panels }) => ({
      sampleIndex,
      pseudoLabel,
      panels: await Promise.all(panels.map((panel) => toPanel(panel, dataset.modality, dataset))),
    })),
  );
});

/** Samples from all over the dataset, others with another seed. */
function spread(total: number, wanted: number, seed: number): number[] {
  const count = Math.min(total, wanted);
  return Array.from({ length: count }, (_, index) => (Math.floor((index * total) / count) + seed) % total);
}
