/** The settings that an arm is trained with: the same for every arm, but for what its name or the recipe says. */
import { PRETRAINED_ARMS } from './arms.ts';
import type { Arm, FinetuneConfig } from './recipe.ts';

/** Everything of the recipe that shapes the training of one arm. */
export type ArmSettings = Pick<
  FinetuneConfig,
  | 'epochs'
  | 'minimumSteps'
  | 'batchSize'
  | 'learningRate'
  | 'weightDecay'
  | 'augmentation'
  | 'patience'
  | 'classWeights'
  | 'sampling'
  | 'seeds'
  | 'firstSeed'
> & {
  /** Each earlier layer learns this much more slowly. */
  layerDecay: number;
  /** Share of the steps at the start in which only the head learns. */
  frozenShare: number;
};

/** A setting that two arms do not share because the recipe says so. */
export interface SettingDifference {
  setting: keyof ArmSettings;
  values: [number | string, number | string];
}

export function armSettings(
  arm: Arm,
  {
    layerDecay,
    baselineLayerDecay,
    frozenEpochs,
    baselineFrozenEpochs,
    ...finetune
  }: Omit<FinetuneConfig, 'budgets' | 'arms'>,
): ArmSettings {
  const { epochs, minimumSteps, batchSize, learningRate, weightDecay } = finetune;
  const { augmentation, patience, classWeights, sampling, seeds, firstSeed } = finetune;
  return {
    epochs,
    minimumSteps,
    batchSize,
    learningRate,
    weightDecay,
    augmentation,
    patience,
    classWeights,
    sampling,
    seeds,
    firstSeed,
    layerDecay: arm === 'baseline' ? baselineLayerDecay : layerDecay,
    frozenShare: frozenShareOf(arm, frozenEpochs, baselineFrozenEpochs ?? 0),
  };
}

function frozenShareOf(arm: Arm, pretrained: number, baseline: number): number {
  if (arm === 'frozen') return 1;
  return PRETRAINED_ARMS.includes(arm) ? pretrained : arm === 'baseline' ? baseline : 0;
}

/** What two arms do not share because the recipe says so; what both are tuned in is not among it. */
export function settingDifferences(
  [first, second]: readonly [Arm, Arm],
  finetune: Omit<FinetuneConfig, 'budgets' | 'arms'>,
): SettingDifference[] {
  const [one, other] = [armSettings(first, finetune), armSettings(second, finetune)];
  return (Object.keys(one) as (keyof ArmSettings)[])
    .filter((setting) => one[setting] !== other[setting])
    .filter((setting) => setting !== 'frozenShare' || !finetune.tune?.frozenEpochs.length)
    .map((setting) => ({ setting, values: [one[setting], other[setting]] }));
}
