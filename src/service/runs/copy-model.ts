/** A model of another run becomes this run's, where that run has trained exactly what this one would. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../../contract/entities.ts';
import type { FinetuneJob } from '../../contract/messages/job.ts';
import { MODEL_FILE, type Model } from '../../contract/model/model.ts';
import { modelFolder, timestamp, type StoredModel } from '../../project/index.ts';
import type { Workplace } from '../workplace/workplace.ts';
import { keep } from '../models/kept.ts';
import { placeModel } from '../models/place-model.ts';

/** Weights are the same files under another name; what the model says of itself is of this run. */
export function copyModel(
  workplace: Workplace,
  { model, bytes }: StoredModel,
  run: Run,
  job: FinetuneJob,
): void {
  const { project } = workplace;
  const from = modelFolder(project.folder, model.id);
  if (!job.model || !existsSync(join(from, MODEL_FILE))) return;
  const id = `${run.id}-${model.members[0]!.seed}`;
  const own: Model = {
    ...model,
    id,
    name: job.model.name,
    createdAt: timestamp(),
    trainedOn: { ...model.trainedOn, ...job.model.origin },
    ...(model.others && {
      others: model.others.map((other, at) => ({
        ...other,
        trainedOn: { ...other.trainedOn, ...job.others?.[at]?.model?.origin },
      })),
    }),
  };
  placeModel(project.folder, own, from);
  keep(workplace, run.id, { model: own, bytes });
}
