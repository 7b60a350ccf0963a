import { getDataset } from '../../project/index.ts';
import { selectDataset } from '../datasets/selection.ts';
import { toPanel } from '../datasets/panels.ts';
import { os } from './answering.ts';

export const previewHandler = os.preview.handler(async ({ context, input }) => {
  const { project, previews } = context.actions;
  const { dataset } = getDataset(project, input.datasetId);
  const { selection } = await selectDataset(project, dataset.name, dataset.shape);
  const items = await previews.ask({
    modality: dataset.modality,
    inputShape: dataset.shape,
    task: input.task,
    options: input.options,
    ...(input.encoder && { encoder: input.encoder }),
    seed: input.seed,
    dataset: selection,
    indices: spread(dataset.sampleCount, input.count, input.seed),
  });
  return Promise.all(
    items.map(async ({ sampleIndex, pseudoLabel, panels }) => ({
      sampleIndex,
      pseudoLabel,
      panels: await Promise.all(panels.map((panel) => toPanel(panel, dataset.modality))),
    })),
  );
});

/** Samples from all over the dataset, others with another seed. */
function spread(total: number, wanted: number, seed: number): number[] {
  const count = Math.min(total, wanted);
  return Array.from({ length: count }, (_, index) => (Math.floor((index * total) / count) + seed) % total);
}
