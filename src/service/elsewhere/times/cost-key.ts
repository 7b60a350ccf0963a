/** What a run's time depends on, so that one run tells how long another takes. */
import { PRETRAINED_ARMS } from '../../../contract/recipe/arms.ts';
import { isPretextConfig, type RunConfig } from '../../../contract/recipe/run-config.ts';
import { hashOf } from '../../recipes/canonical.ts';
import type { Amount } from './amounts.ts';

export interface Cost {
  /** Runs with the same take as long, but for their units. Short, as there may be very many. */
  key: string;
  /** The same without the number of labels, which only makes a fine-tuning longer. */
  keyOfAnyBudget: string;
  /** Its time is in proportion to them: epochs, or seeds. */
  units: number;
}

/** They say what is learned, how often, or what it is called, not how long a step takes. */
const FREE = new Set([
  'learningRate',
  'weightDecay',
  'seed',
  'seeds',
  'firstSeed',
  'startFrom',
  'bestBy',
  'onCollapse',
  'layerDecay',
  'baselineLayerDecay',
  'frozenEpochs',
  'baselineFrozenEpochs',
  'tune',
  'metric',
  'checkpointEverySteps',
]);

const costly = (settings: object) =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => !FREE.has(name)));

/** @param amounts of its datasets, which names alone do not tell */
export function costOf(config: RunConfig, amounts: readonly (Amount | null)[]): Cost {
  const { encoder, device, data, fold } = config;
  const { import: _import, folds, ...seen } = data;
  const common = {
    encoder,
    precision: device.precision,
    processes: device.processes ?? 1,
    seen,
    // Each of several folds trains on about as much, and on more or less than where there are none.
    folds: fold && folds,
    amounts,
  };
  if (isPretextConfig(config)) {
    const { epochs, warmupEpochs: _warmup, ...pretext } = config.pretext;
    const key = hashOf({ ...common, pretext: costly(pretext) });
    return { key, keyOfAnyBudget: key, units: epochs };
  }
  const { arm, budget, finetune, seeds, making } = config;
  const own = {
    ...common,
    // Where the weights come from makes no difference.
    arm: PRETRAINED_ARMS.includes(arm) ? 'baseline' : arm,
    making: making?.kind,
    finetune: costly(finetune),
  };
  return {
    key: hashOf({ ...own, budget }),
    keyOfAnyBudget: hashOf(own),
    units: seeds?.length ?? finetune.seeds,
  };
}
