/** What runs would take in memory, from their graphs: traced as a run would compile them, and never run. */
import { computedType } from '../../contract/data/sample-values.ts';
import type { MemoryNeed } from '../../contract/machine/memory.ts';
import { isReference } from '../../contract/recipe/arms.ts';
import type { Arm } from '../../contract/recipe/recipe.ts';
import type { Question } from '../../contract/messages/questions.ts';
import { headKind } from '../../learning/downstream/head.ts';
import { buildEncoder } from '../../learning/encoders/registry.ts';
import { entryPeakBytes, startTensorFlow, stateBytes, type Precision } from '../../tensor/index.ts';
import { designArm } from '../finetune/design.ts';
import { finetuneEntries, finetuneFacts, finetuneProgramParts } from '../finetune/program.ts';
import { needFrom, type EntryNames, type StepFacts } from '../memory.ts';
import { precisionOf } from '../step/precision.ts';
import { embedEntry } from '../samples/embed.ts';
import { designPretext } from '../pretext/design.ts';
import { PRETEXT_ENTRIES, pretextFacts, pretextProgramParts } from '../pretext/program.ts';
import type { ProgramParts } from '../step/program.ts';
import { entriesForAll } from '../samples/reader.ts';
import { PROBE_ENTRIES, PROBE_FACTS } from '../finetune/arms/probe-arm.ts';

type EstimateQuestion = Question<'estimate'>;

/** One need for each stage that the request names; none on a GPU. */
export async function estimateNeeds(request: EstimateQuestion): Promise<MemoryNeed[]> {
  const { device } = await startTensorFlow();
  if (device === 'gpu') return [];
  const precision = precisionOf(request.precision, device);
  return [
    ...(request.pretext ? [pretextNeed(request, request.pretext, precision)] : []),
    // A reference takes little beside its rows.
    ...(request.finetune?.config.arms.some((arm) => !isReference(arm))
      ? [finetuneNeed(request, request.finetune, precision)]
      : []),
  ];
}

function pretextNeed(
  question: EstimateQuestion,
  { config, samples }: NonNullable<EstimateQuestion['pretext']>,
  precision: Precision,
): MemoryNeed {
  const { modality, inputShape, dtype } = question;
  const design = designPretext({
    ...question,
    pretext: config,
    dtype: computedType(dtype),
    channelStatistics: plainStatistics(inputShape),
    sampleCount: samples,
    precision,
  });
  return measured(pretextProgramParts(design), pretextFacts(config, modality), PRETEXT_ENTRIES);
}

/** The arms that fine-tune all weights need the most; after them those that train the head, then the probes. */
const BY_NEED: readonly Arm[] = ['baseline', 'pretrained', 'frozen', 'linear-probe', 'knn-probe'];

function finetuneNeed(
  request: EstimateQuestion,
  { config, target, names, labels, others }: NonNullable<EstimateQuestion['finetune']>,
  precision: Precision,
): MemoryNeed {
  const { modality, inputShape, dtype, about } = request;
  const arm = BY_NEED.find((one) => config.arms.includes(one))!;
  const channelStatistics = plainStatistics(inputShape);
  if (arm === 'linear-probe' || arm === 'knn-probe') {
    const encoder = buildEncoder(request.encoder, modality, inputShape, about);
    const sample = { shape: inputShape, dtype: computedType(dtype) };
    const entries = entriesForAll('embed', (batchSize) =>
      embedEntry({ encoder, channelStatistics, sample, batchSize }),
    );
    const initial = { ...encoder.parameters(0), ...encoder.statistics() };
    return measured({ initial, entries }, PROBE_FACTS, PROBE_ENTRIES);
  }
  const design = designArm({
    arm,
    finetune: config,
    encoder: request.encoder,
    modality,
    inputShape,
    dtype: computedType(dtype),
    head: headKind(target, names),
    channelStatistics,
    about,
    labels: Math.max(1, labels),
    others: others?.map((other) => ({
      name: other.name,
      head: headKind(other.target, other.names),
      labels: Math.max(1, other.labels),
    })),
    precision,
  });
  return measured(finetuneProgramParts(design), finetuneFacts(design.batchSize), finetuneEntries(design));
}

function measured({ initial, entries }: ProgramParts, facts: StepFacts, names: EntryNames): MemoryNeed {
  const peakOf = (name: string) => entryPeakBytes(initial, name, entries[name]!);
  const need = needFrom(peakOf, stateBytes(initial), facts, names);
  for (const tensor of Object.values(initial)) tensor.dispose();
  return need;
}

/** Sizes do not depend on them. */
function plainStatistics(inputShape: readonly number[]) {
  const channels = inputShape.at(-1)!;
  return {
    mean: new Array<number>(channels).fill(0),
    standardDeviation: new Array<number>(channels).fill(1),
  };
}
