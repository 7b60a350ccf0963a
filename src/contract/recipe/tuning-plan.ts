/** What tuning makes of a recipe: which settings are tried for whom, and what that costs. Pure. */
import { PRETRAINED_ARMS } from './arms.ts';
import type { Arm, FinetuneConfig } from './recipe.ts';
import type { CandidateSettings } from './tuning.ts';

type Finetune = Omit<FinetuneConfig, 'budgets' | 'arms'>;

/** Arms that are trained by steps. Probes have nothing to tune here: they choose their penalty on validation data. */
export const TUNED_ARMS: readonly Arm[] = [...PRETRAINED_ARMS, 'baseline', 'frozen'];

/** The settings to try, the same for every arm, in the order of the recipe; none without `tune`. */
export function candidatesOf({ tune, weightDecay }: Finetune): CandidateSettings[] {
  if (!tune) return [];
  const decays = tune.weightDecays.length > 0 ? tune.weightDecays : [weightDecay];
  const shares = tune.frozenEpochs.length > 0 ? tune.frozenEpochs : [undefined];
  const all = tune.learningRates.flatMap((learningRate) =>
    decays.flatMap((decay) =>
      shares.map((share) => ({
        learningRate,
        weightDecay: decay,
        ...(share !== undefined && { frozenEpochs: share }),
      })),
    ),
  );
  return [...new Map(all.map((settings) => [JSON.stringify(settings), settings])).values()];
}

/** The settings of a single run: the recipe's own, or those of a candidate in their place. */
export function withCandidate<Config extends Finetune>(
  { tune: _tune, ...finetune }: Config,
  settings: CandidateSettings | null,
): Omit<Config, 'tune'> {
  if (!settings) return finetune;
  const { learningRate, weightDecay, frozenEpochs } = settings;
  return {
    ...finetune,
    learningRate,
    weightDecay,
    ...(frozenEpochs !== undefined && { frozenEpochs, baselineFrozenEpochs: frozenEpochs }),
  };
}

export interface TuningCost {
  /** Tries of each trained arm at each label budget. */
  tries: number;
  /** Trained arms × label budgets. */
  choices: number;
  /** Runs of the study's fine-tuning, and what they would be without tuning. */
  runs: number;
  runsWithout: number;
  /** Trainings: runs of trained arms × seeds. */
  trainings: number;
  trainingsWithout: number;
}

/** null where nothing is tuned. */
export function tuningCost(finetune: FinetuneConfig): TuningCost | null {
  const tries = candidatesOf(finetune).length;
  const trained = finetune.arms.filter((arm) => TUNED_ARMS.includes(arm)).length;
  if (tries === 0 || trained === 0) return null;
  const budgets = finetune.budgets.length;
  const choices = trained * budgets;
  const runsWithout = finetune.arms.length * budgets;
  return {
    tries,
    choices,
    runs: runsWithout + choices * (tries - 1),
    runsWithout,
    trainings: choices * tries * finetune.seeds,
    trainingsWithout: choices * finetune.seeds,
  };
}

/** "Tuning: 3 settings tried for each of 3 arms …: 45 trainings instead of 15." */
export function tuningCostWords(finetune: FinetuneConfig): string | null {
  const cost = tuningCost(finetune);
  if (!cost) return null;
  const { tries, choices, trainings, trainingsWithout } = cost;
  const budgets = finetune.budgets.length;
  const arms = choices / budgets;
  const settings = tries === 1 ? '1 setting' : `${tries} settings`;
  const where = budgets > 1 ? ` at each of ${budgets} label budgets` : '';
  const many = (count: number) => `${count.toLocaleString('en')} training${count === 1 ? '' : 's'}`;
  const each = arms === 1 ? 'for 1 trained arm' : `for each of ${arms} trained arms`;
  return `Tuning: ${settings} tried ${each}${where}, with every seed: ${many(trainings)} instead of ${trainingsWithout.toLocaleString('en')}.`;
}

const text = (value: number) => String(Number(value.toPrecision(6)));

/** "learning rate 0.001, weight decay 0.01": those of the settings that the candidates differ in. */
export function settingsWords(settings: CandidateSettings, all: readonly CandidateSettings[]): string {
  const differs = (field: keyof CandidateSettings) => new Set(all.map((one) => one[field])).size > 1;
  return [
    `learning rate ${text(settings.learningRate)}`,
    ...(differs('weightDecay') ? [`weight decay ${text(settings.weightDecay)}`] : []),
    ...(settings.frozenEpochs !== undefined && differs('frozenEpochs')
      ? [`frozen share ${text(settings.frozenEpochs)}`]
      : []),
  ].join(', ');
}

/** Whether a learning rate stands at an end of those tried, so that a better one may lie beyond. */
export function atEdge(settings: CandidateSettings, all: readonly CandidateSettings[]): boolean {
  const rates = all.map(({ learningRate }) => learningRate);
  const [low, high] = [Math.min(...rates), Math.max(...rates)];
  return low < high && (settings.learningRate === low || settings.learningRate === high);
}
