/** What a run records of itself: where it ran, how large its model is, how quick it was. All of it may be missing. */
import { z } from 'zod';

const count = z.number();
const share = z.number();

const known = z
  .object({
    // The machine.
    tensorflow: z.string(),
    device: z.string(),
    deviceName: z.string(),
    threads: count,
    ownKernels: z.boolean(),
    cores: count,
    node: z.string(),
    platform: z.string(),
    precision: z.string(),
    // Processes that computed it together, and whether all were on the same kind of processor with as many threads.
    processes: count,
    processesAlike: z.boolean(),
    // The model.
    encoderParameters: count,
    encoderFeatures: count,
    modelParameters: count,
    // The checkpoint that pretraining went on from.
    startedFrom: z.string(),
    startedWithTensors: count,
    startedWithoutTensors: count,
    // Options that the version which planned the run had left open, as a later one took them, in words.
    optionsFilledLater: z.string(),
    // The samples on which health was looked at, and whether pretraining never sees them.
    healthSamples: count,
    healthSamplesUnseen: z.boolean(),
    // Of several datasets their shares of every batch, in words.
    datasetShares: z.string(),
    // Memory, before the first step.
    memoryEstimateMiB: count,
    memoryFreeMiB: count,
    // Time, from the start of the process, and of a step with its shares, 0 to 1.
    secondsToFirstStep: z.number(),
    stepMilliseconds: z.number(),
    stepShareInput: share,
    stepShareViews: share,
    stepShareCompute: share,
    stepShareDispatch: share,
  })
  .partial();

/** What this version tells. */
export type EnvironmentFacts = z.infer<typeof known>;

/** What is kept: other versions may have told more, which is shown as it is. */
export const environmentSchema = known.catchall(z.union([z.string(), z.number(), z.boolean()]));
export type RunEnvironment = z.infer<typeof environmentSchema>;
