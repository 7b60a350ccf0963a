/** What a project's service tells everybody who looks, as it happens. */
import { z } from 'zod';
import {
  datasetSchema,
  idSchema,
  importProgressSchema,
  metricPointSchema,
  projectSchema,
  runSchema,
  studySchema,
} from '../entities.ts';
import { failureSchema } from '../errors.ts';
import { keptModelSchema } from '../model/model.ts';
import { questionProgressSchema } from './trainer.ts';

/** Everything that changes while somebody looks. The first event after subscribing is `hello`. */
export const projectEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello') }),
  z.object({ type: z.literal('run'), run: runSchema }),
  z.object({ type: z.literal('run-removed'), runId: idSchema }),
  z.object({ type: z.literal('metrics'), runId: idSchema, point: metricPointSchema }),
  z.object({ type: z.literal('study'), study: studySchema }),
  z.object({ type: z.literal('dataset'), dataset: datasetSchema }),
  z.object({ type: z.literal('dataset-removed'), datasetId: idSchema }),
  z.object({ type: z.literal('import'), progress: importProgressSchema }),
  z.object({
    type: z.literal('import-ended'),
    id: idSchema,
    datasetId: idSchema.nullable(),
    failure: failureSchema.nullable(),
  }),
  z.object({ type: z.literal('model'), model: keptModelSchema }),
  z.object({ type: z.literal('model-removed'), modelId: idSchema }),
  /** Of what somebody asked for under this id. */
  z.object({ type: z.literal('asked-progress'), id: idSchema, progress: questionProgressSchema }),
  z.object({ type: z.literal('project'), project: projectSchema }),
  /** Something went wrong in the service that no request waits for. */
  z.object({ type: z.literal('trouble'), failure: failureSchema }),
]);
export type ProjectEvent = z.infer<typeof projectEventSchema>;
