/** The document that `study run --json` prints and the comparison page draws. Later versions add fields and change none. */
import { z } from 'zod';
import { findingSchema } from '../data/finding.ts';
import { proofSchema, studyFoldsSchema } from './folds.ts';
import { metricNameSchema } from './metric.ts';
import { probeKindSchema } from '../recipe/probe.ts';
import { armSchema, labelBudgetSchema } from '../recipe/recipe.ts';
import { candidateSettingsSchema } from '../recipe/tuning.ts';

const calibrationErrorSchema = z.object({
  /** Mean distance of accuracy and confidence over the bins, weighted by their samples; 0 to 1. */
  expectedCalibrationError: z.number(),
  /** Mean negative log probability of the true class, in nats. */
  logLoss: z.number(),
  /** Bins of equal width from 0 to 1 by the highest probability; confidence and accuracy are means in the bin. */
  bins: z.array(z.object({ count: z.number().int(), confidence: z.number(), accuracy: z.number() })),
});

/** Whether probabilities on test data can be believed (Guo et al. 2017). */
export const calibrationSchema = z.object({
  before: calibrationErrorSchema,
  /** Divides the logits; fitted on validation data. Null for kNN, whose votes have no logits. */
  temperature: z.number().nullable(),
  after: calibrationErrorSchema.nullable(),
});
export type Calibration = z.infer<typeof calibrationSchema>;

export const resultRowSchema = z.object({
  arm: armSchema,
  dataset: z.string(),
  /** Labels used in training, in all. */
  labels: z.number().int(),
  labelsPerClass: z.number().int().nullable(),
  /** The budget that the labels were drawn by, as the recipe gives it. */
  budget: labelBudgetSchema.optional(),
  seed: z.number().int(),
  /** Which of several pretrainings the arm started from, from 1. */
  pretraining: z.number().int().optional(),
  /** Which fold it was trained and tested in, from 1. */
  fold: z.number().int().optional(),
  metric: metricNameSchema,
  test: z.number(),
  validation: z.number(),
  train: z.number(),
  /** All metrics on test data by name, for the tables. */
  testMetrics: z.record(z.string(), z.number()).optional(),
  /** Rows: true class, columns: predicted class; test data. Absent for regression. */
  confusion: z.array(z.array(z.number().int())).optional(),
  perClass: z
    .array(
      z.object({
        name: z.string(),
        support: z.number().int(),
        precision: z.number(),
        recall: z.number(),
        f1: z.number(),
      }),
    )
    .optional(),
  /** Of several labels or numbers: the scores of each on the test samples where it is known. */
  perTarget: z
    .array(
      z.object({
        name: z.string(),
        samples: z.number().int(),
        /** Of labels: how many have it. */
        positives: z.number().int().optional(),
        /** By metric; left out where it cannot be told, as no test sample has the label, or all do. */
        scores: z.partialRecord(metricNameSchema, z.number()),
      }),
    )
    .optional(),
  /** Learning curve of fine-tuning: validation and train score by step. */
  curve: z
    .array(z.object({ step: z.number().int(), train: z.number(), validation: z.number(), loss: z.number() }))
    .optional(),
  /** Share of its planned steps after which all heads together were best, where several are trained at once: no curve alone tells. */
  bestShare: z.number().positive().max(1).optional(),
  /** Test data; absent for regression. */
  calibration: calibrationSchema.optional(),
  /** Pretraining of this comparison saw validation and test samples, without their labels. */
  transductive: z.literal(true).optional(),
  /** The settings that were chosen for this arm at this label budget, where the recipe tunes. */
  tuned: candidateSettingsSchema.optional(),
  /** Id of the run that was measured, where it is one of another study with the same configuration. */
  reusedFrom: z.string().optional(),
});
export type ResultRow = z.infer<typeof resultRowSchema>;

export const armSummarySchema = z.object({
  mean: z.number(),
  /** Sample standard deviation over seeds. */
  sd: z.number(),
  n: z.number().int(),
  /** 95 % interval of the mean, over what is known of pretrainings, seeds and test samples; null with one seed. */
  interval: z.object({ low: z.number(), high: z.number() }).nullable().optional(),
  /** Mean of how much better the train score is than the test score: larger is worse, whatever the metric. */
  overfitGap: z.number(),
  /** Means over seeds: expected calibration error on test data before and after the temperature. */
  calibration: z
    .object({ before: z.number(), after: z.number().nullable(), temperature: z.number().nullable() })
    .optional(),
});

/** Something that must be known to judge a comparison rightly. */
export const cautionSchema = z.object({
  /** transductive, settings-differ, copies-across-splits, … */
  code: z.string(),
  /** One or two whole sentences. */
  message: z.string(),
});
export type Caution = z.infer<typeof cautionSchema>;

/**
 * How much better the first arm is than the second: positive is better, whatever the metric. Paired over seeds, with a
 * 95 % interval; null with fewer than two seeds or without both arms.
 */
export const differenceSchema = z.object({
  of: z.tuple([armSchema, armSchema]),
  mean: z.number(),
  low: z.number(),
  high: z.number(),
  /** Seeds that both arms have. */
  seeds: z.number().int().optional(),
  /** How many pretrainings the interval is over; 1: it holds for that one, and says nothing of another. */
  pretrainings: z.number().int().optional(),
  /** Whether the interval is also over test samples: what other samples, or groups, of the same kind would have shown. */
  testSamples: z.boolean().optional(),
  /** Folds that the interval is over: other groups of the same kind, each with pretraining and training of its own. */
  folds: z.number().int().optional(),
});
export type Difference = z.infer<typeof differenceSchema>;

export const summaryRowSchema = z.object({
  dataset: z.string(),
  labels: z.number().int(),
  labelsPerClass: z.number().int().nullable().optional(),
  budget: labelBudgetSchema.optional(),
  metric: metricNameSchema,
  /** Scores are means over several labels or numbers, each of which has its own (`perTarget`). */
  several: z.literal(true).optional(),
  arms: z.partialRecord(armSchema, armSummarySchema),
  difference: differenceSchema.nullable(),
  /** Of other pairs of arms: what putting datasets together bought. */
  differences: z.array(differenceSchema).optional(),
  /** Pretraining of this comparison saw validation and test samples, without their labels. */
  transductive: z.literal(true).optional(),
});
export type SummaryRow = z.infer<typeof summaryRowSchema>;

/** A number of labels that may lie outside of what was measured. */
export const labelCountSchema = z.object({
  labels: z.number(),
  is: z.enum(['about', 'more-than', 'fewer-than']),
});
export type LabelCount = z.infer<typeof labelCountSchema>;

/** How many labels from scratch do what an arm does with fewer: read off the baseline's curve. */
export const labelWorthSchema = z.object({
  arm: armSchema,
  labels: z.number().int(),
  labelsPerClass: z.number().int().nullable(),
  budget: labelBudgetSchema,
  /** Mean test score of the arm with these labels. */
  score: z.number(),
  /** Labels with which the baseline gets there. */
  worth: labelCountSchema,
  /** 95 % interval from a bootstrap over seeds, or pretrainings with theirs; null with fewer than three of them. */
  interval: z.object({ low: labelCountSchema, high: labelCountSchema }).nullable(),
});
export type LabelWorth = z.infer<typeof labelWorthSchema>;

export const labelEfficiencySchema = z.object({
  /** The baseline's curve: mean test score by labels, made monotone (pooled where more labels scored lower). */
  baseline: z.array(z.object({ labels: z.number().int(), score: z.number(), monotone: z.number() })),
  /** Seeds that the baseline has at every budget. */
  seeds: z.number().int(),
  /** How many pretrainings they are spread over, where there are several. */
  pretrainings: z.number().int().optional(),
  /** Folds that they are of, where there are some. */
  folds: z.number().int().optional(),
  points: z.array(labelWorthSchema),
});
export type LabelEfficiency = z.infer<typeof labelEfficiencySchema>;

const intervalSchema = z.object({ low: z.number(), high: z.number() });

/** How pretext tasks stand in the rounds of a tournament: successive halving by the probe on validation data. */
export const tournamentResultSchema = z.object({
  probe: probeKindSchema,
  /** Of all scores; documents of earlier versions leave it out. */
  metric: metricNameSchema.optional(),
  validationSamples: z.number().int(),
  /** What the candidates of a round get alike; `epochs` also where time could not be measured. */
  equal: z.enum(['time', 'epochs', 'steps']),
  /** Round 0 measures what an epoch costs, and sends nobody home. */
  rounds: z.array(
    z.object({
      round: z.number().int(),
      /** The best first. */
      candidates: z.array(
        z.object({
          candidate: z.string(),
          task: z.string(),
          options: z.record(z.string(), z.unknown()),
          learningRate: z.number(),
          batchSize: z.number().int(),
          epochs: z.number(),
          runs: z.array(z.string()),
          seconds: z.number(),
          /** Mean over seeds; null until all its runs of the round are done. */
          score: z.number().nullable(),
          /** Over validation samples and, where there are several, seeds; null where neither is known. */
          standardError: z.number().nullable(),
          /** 95 %: over the validation samples, and over the seeds where there are several. */
          interval: intervalSchema.nullable().optional(),
          /** All probes that were asked, means over seeds. */
          probes: z.partialRecord(probeKindSchema, z.number()).optional(),
          outcome: z.enum(['open', 'kept', 'dropped', 'failed', 'finalist']),
        }),
      ),
    }),
  ),
  recommendation: z
    .object({
      candidate: z.string(),
      task: z.string(),
      learningRate: z.number(),
      batchSize: z.number().int(),
      runnerUp: z.string().nullable(),
      /** Score ahead of the runner-up. */
      lead: z.number().nullable(),
      /** Of the lead, 95 %, paired by validation samples and by seeds; null where neither is known. */
      interval: intervalSchema.nullable(),
      /** Candidates of the last round that may as well be the best: their distance's interval holds 0. */
      tied: z.array(z.string()).optional(),
      seeds: z.number().int().optional(),
    })
    .nullable(),
});
export type TournamentResult = z.infer<typeof tournamentResultSchema>;

/**
 * Settings tried for every trained arm alike, and what was chosen on validation data. Test scores of tries that were
 * not chosen appear nowhere.
 */
export const tuningResultSchema = z.object({
  candidates: z.array(candidateSettingsSchema),
  /** How many of them count: the same for every arm; one that was cancelled for an arm counts for none. */
  triesPerArm: z.number().int(),
  choices: z.array(
    z.object({
      arm: armSchema,
      budget: labelBudgetSchema,
      /** In each fold it is chosen anew, as what validates in one is tested in another. */
      fold: z.number().int().optional(),
      metric: metricNameSchema.nullable(),
      /** In the order of the candidates. */
      tries: z.array(
        z.object({
          run: z.string(),
          /** All runs of the try, one for each of several pretrainings. */
          runs: z.array(z.string()).optional(),
          /** Validation score, mean and deviation over the seeds; null until the run is done. */
          validation: z.object({ mean: z.number(), sd: z.number(), n: z.number().int() }).nullable(),
          outcome: z.enum(['open', 'chosen', 'lost', 'diverged', 'left-out']),
        }),
      ),
      /** Place among the candidates; null until all tries of the arm have ended, or when all diverged. */
      chosen: z.number().int().nullable(),
      /** The best learning rate is the lowest or the highest tried: a better one may lie beyond. */
      atEdge: z.boolean(),
    }),
  ),
});
export type TuningResult = z.infer<typeof tuningResultSchema>;

const groupScoreSchema = z.object({
  mean: z.number(),
  /** Seeds that the mean is over. */
  n: z.number().int(),
  /** 95 %, over seeds and the test samples of the group; null with fewer than two of these. */
  interval: intervalSchema.nullable(),
});

/** Scores of one label budget by group of test samples. */
export const groupScoresSchema = z.object({
  dataset: z.string(),
  labels: z.number().int(),
  budget: labelBudgetSchema.optional(),
  /** The study's, but RMSE in place of R²: that compares a group with its own mean. */
  metric: metricNameSchema,
  /** The worst first, by the first arm. */
  groups: z.array(
    z.object({
      group: z.string(),
      /** Labeled test samples. */
      samples: z.number().int(),
      arms: z.partialRecord(armSchema, groupScoreSchema),
      difference: differenceSchema.nullable(),
    }),
  ),
});
export type GroupScores = z.infer<typeof groupScoresSchema>;

export const splitSummarySchema = z.object({
  /** folder, column NAME, random, group COLUMN. */
  by: z.string(),
  train: z.number().int(),
  validation: z.number().int(),
  test: z.number().int(),
  /** No sample and no group stands in two splits; checked, not assumed. */
  disjoint: z.literal(true),
});

/** What is told of a dataset that is tested, beside its scores. */
export const testedDatasetSchema = z.object({
  dataset: z.string(),
  split: splitSummarySchema,
  /** The column that says how much each of its samples counts. */
  weightedBy: z.string().optional(),
  labelEfficiency: labelEfficiencySchema.optional(),
});
export type TestedDataset = z.infer<typeof testedDatasetSchema>;

export const studyResultSchema = z.object({
  study: z.string(),
  project: z.string(),
  runs: z.array(z.string()),
  results: z.array(resultRowSchema),
  summary: z.array(summaryRowSchema),
  seconds: z.number(),
  /** As weights and label efficiency below, of the first dataset that is tested. */
  split: splitSummarySchema,
  /** The column that says how much each sample counts in losses and scores; left out: all count alike. */
  weightedBy: z.string().optional(),
  /** Collapses and divergences of the study's runs, in the order of the runs; empty when all were healthy. */
  findings: z.array(findingSchema.extend({ run: z.string() })).optional(),
  /** Pretraining saw validation and test samples. */
  transductive: z.boolean().optional(),
  cautions: z.array(cautionSchema).optional(),
  /** Where several are tested: of each of them, the first too. */
  datasets: z.array(testedDatasetSchema).optional(),
  /** Samples left out of pretraining, as they are copies of held-out samples of a dataset that is tested on. */
  leftOutOfPretraining: z
    .array(
      z.object({
        dataset: z.string(),
        samples: z.number().int(),
        heldOut: z.number().int(),
        /** Whose held-out samples they are copies of, where several datasets are tested. */
        of: z.string().optional(),
      }),
    )
    .optional(),
  /** What pretraining is worth in labels; where the baseline was trained at two budgets or more. */
  labelEfficiency: labelEfficiencySchema.optional(),
  tournament: tournamentResultSchema.optional(),
  /** Where groups were held out in turn. */
  folds: studyFoldsSchema.optional(),
  /** Which samples and groups the runs saw of each dataset, as training, validation and test data. */
  proofs: z.array(proofSchema).optional(),
  tuning: tuningResultSchema.optional(),
  /** By dataset and label budget; only where it was asked for, and test samples belong to groups. */
  groups: z.array(groupScoresSchema).optional(),
});
export type StudyResult = z.infer<typeof studyResultSchema>;
