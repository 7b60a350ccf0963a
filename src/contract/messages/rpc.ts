/**
 * The contract between the project service and whoever drives it: the window, the command line, the tests.
 *
 * A new action starts as a line here; the compiler then asks for its handler. Failures that the user can act
 * on travel as the typed error `FAILURE`.
 */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { action } from './action.ts';
import { awayActions } from './away-actions.ts';
import { modelActions } from './model-actions.ts';
import { projectEventSchema } from './project-events.ts';
import { groupActions } from './group-actions.ts';
import { recordingActions } from './recording-actions.ts';
import { adviceSchema } from '../advice.ts';
import { catalogueSchema } from '../catalogue.ts';
import { KIND_CHOICES, signalKindFactsSchema } from '../data/recordings/signal-kinds.ts';
import { deviceWishSchema } from '../recipe/device.ts';
import { doctorReportSchema } from '../machine/doctor.ts';
import {
  checkpointSchema,
  copiesBetweenSchema,
  copyPairSchema,
  datasetSchema,
  idSchema,
  importIssueSchema,
  importProgressSchema,
  metricPointSchema,
  projectSchema,
  runSchema,
  sampleSchema,
  splitNameSchema,
  studySchema,
  transferSchema,
} from '../entities.ts';
import { failureSchema } from '../errors.ts';
import {
  labelFileReportSchema,
  labelFileSchema,
  labelsChangedSchema,
  labelVersionsSchema,
  labelWishSchema,
} from '../data/labels.ts';
import { columnPlanSchema } from '../data/columns.ts';
import { folderPlanSchema } from '../data/folder-plan.ts';
import { writtenExportSchema } from '../model/export.ts';
import { memoryEstimateSchema } from '../machine/memory.ts';
import { previewItemSchema, panelSchema } from '../data/preview.ts';
import {
  columnRoleSchema,
  datasetNameSchema,
  encoderSchema,
  importSchema,
  recipeSchema,
} from '../recipe/recipe.ts';
import { runConfigSchema } from '../recipe/run-config.ts';
import { sampleStudySchema } from '../recipe/sample-study.ts';
import { projectCheckSchema } from '../repair.ts';
import { groupScoresSchema, studyResultSchema } from '../results/result.ts';
import { answersWishSchema, sampleAnswersSchema } from '../results/sample-answers.ts';
import { gpuPackActions, machineActions } from './machine-actions.ts';
import { tableActions } from './table-actions.ts';
import { encoderReachSchema } from '../recipe/reach.ts';
import { togetherSchema } from '../recipe/together.ts';
import { togetherReportSchema } from '../recipe/together-report.ts';
import { timeEstimateSchema } from '../machine/time-estimate.ts';
import { tournamentPlanSchema } from '../recipe/tournament.ts';

/** A YAML or JSON recipe is checked field by field; the document is never half accepted. */
export const recipeCheckSchema = z.discriminatedUnion('valid', [
  /** Warnings: what should be known before it is carried out, though it can be. */
  z.object({ valid: z.literal(true), recipe: recipeSchema, warnings: z.array(failureSchema) }),
  z.object({ valid: z.literal(false), failures: z.array(failureSchema) }),
]);

export type RecipeCheck = z.infer<typeof recipeCheckSchema>;

/** What could be read in two ways, or not at all: shown before anything is stored. */
export const doubtSchema = z.object({
  /** As the codes of errors: `delimited.rate-unknown`. */
  code: z.string(),
  /** What was found, how it is taken, and what else it could be. */
  message: z.string(),
  /** The option that settles it. */
  remedy: z.string(),
  /** Both readings are as good: the import is refused until the option says which. */
  blocking: z.boolean(),
});
export type Doubt = z.infer<typeof doubtSchema>;

/** What an import would find at a path: shown before the import starts. */
export const inspectionSchema = z.object({
  /** Id of the format; null where none fits. */
  format: z.string().nullable(),
  files: z.number().int(),
  bytes: z.number(),
  /** Class folders with their number of files, or the first columns of a table. */
  classes: z.array(z.object({ name: z.string(), files: z.number().int() })),
  /** What each level of folders was understood as; null for formats that are not judged by folders. */
  folders: folderPlanSchema.nullable(),
  /** Files by the split that their folders name; null where no folder names one. */
  splits: z
    .object({ train: z.number().int(), validation: z.number().int(), test: z.number().int() })
    .nullable(),
  /** Files without a label. */
  unlabeled: z.number().int(),
  /** Where the labels come from. */
  labelsFrom: z.enum(['folders', 'files', 'column', 'nothing']),
  columns: z.array(z.string()),
  /** First rows of a delimited file or label file, as text. */
  exampleRows: z.array(z.array(z.string())),
  notes: z.array(z.string()),
  /** false: there are more files than were looked at. */
  complete: z.boolean(),
  doubts: z.array(doubtSchema),
  /** Of delimited text: what each column of `exampleRows` is. */
  grid: z.array(
    z.object({
      name: z.string(),
      unit: z.string().nullable(),
      role: columnRoleSchema,
      why: z.string(),
      isDoubtful: z.boolean(),
    }),
  ),
  /** Of tables: what each column is taken as, and what was met in it. */
  tableColumns: z.array(
    columnPlanSchema.extend({
      /** Rows in which it is not known, of those that were looked at. */
      missing: z.number().int(),
      rows: z.number().int(),
      /** Different values; at least so many where there are very many. */
      distinct: z.number().int(),
      /** There are more: beyond so many they are not told apart. */
      isMoreDistinct: z.boolean().default(false),
      isDoubtful: z.boolean(),
    }),
  ),
  /** Of recordings: what they are of, as far as that is found; null for all else. */
  signalKind: signalKindFactsSchema.nullable(),
  /** Of recordings: what steps of a preparation go by; null for all else. */
  preparation: z
    .object({
      /** Rows a second as they are stored; null where nothing says it. */
      rate: z.number().nullable(),
      /** Channels before any step. */
      channels: z.number().int(),
    })
    .nullable(),
});
export type Inspection = z.infer<typeof inspectionSchema>;

const page = {
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(500).default(100),
};
const runId = z.object({ runId: idSchema });
const nothing = z.object({});

export const contract = {
  project: {
    get: action.output(projectSchema),
    rename: action.input(z.object({ name: z.string().trim().min(1).max(80) })).output(projectSchema),
    /** Looks through the whole database, and compares all files of the project with it: this may take minutes. */
    check: action.output(projectCheckSchema),
  },
  catalogue: action.output(catalogueSchema),
  doctor: action.output(doctorReportSchema),
  machine: machineActions,
  /** TensorFlow for NVIDIA's GPUs, beside what the program came with. */
  gpuPack: gpuPackActions,
  /** Which pretext tasks suit these datasets, with the settings to begin with. */
  advise: action
    .input(
      z.object({
        pretrain: z.array(datasetNameSchema).min(1),
        finetune: datasetNameSchema.optional(),
        includeHeldOut: z.boolean().default(false),
        together: togetherSchema.optional(),
        encoder: z.string().optional(),
        batchSize: z.number().int().min(1).optional(),
        minutes: z.number().positive().optional(),
        /** Options of a task as they are set: what is said of it is said of these, in place of its usual ones. */
        chosen: z.object({ task: z.string(), options: z.record(z.string(), z.unknown()) }).optional(),
        /** Whether the samples have an upright position, where somebody has said so. */
        upright: z.boolean().optional(),
      }),
    )
    .output(adviceSchema),
  /** What the tournament of this recipe would be: candidates, rounds, and about how long they take. */
  planTournament: action.input(z.object({ recipe: recipeSchema })).output(tournamentPlanSchema),
  events: action.output(eventIterator(projectEventSchema)),

  dataset: {
    list: action.output(z.array(datasetSchema)),
    /** What an import with these options would find: the same plan as the import makes. */
    inspect: action
      .input(z.object({ path: z.string(), options: importSchema.omit({ path: true }).prefault({}) }))
      .output(inspectionSchema),
    /** Answers at once with the import's id; progress and end come as events. */
    import: action
      .input(z.object({ name: datasetNameSchema, options: importSchema }))
      .output(z.object({ id: idSchema })),
    /** How a dataset was imported, to import its files again in another way. */
    options: action.input(z.object({ datasetId: idSchema })).output(importSchema),
    imports: action.output(z.array(importProgressSchema)),
    cancelImport: action.input(z.object({ id: idSchema })).output(nothing),
    rename: action.input(z.object({ datasetId: idSchema, name: datasetNameSchema })).output(datasetSchema),
    /** Says what signals are of, by which default views are proposed; `auto`: what is found. */
    setKind: action
      .input(z.object({ datasetId: idSchema, kind: z.enum(KIND_CHOICES) }))
      .output(datasetSchema),
    /** Hidden first and deleted with its shard after `undoSeconds`, unless restored. Refused while a study uses it. */
    remove: action.input(z.object({ datasetId: idSchema })).output(
      z.object({
        undoSeconds: z.number(),
        /** Finished studies that used it: their results stay, and cannot be repeated without it. */
        usedBy: z.array(z.string()),
      }),
    ),
    restore: action.input(z.object({ datasetId: idSchema })).output(datasetSchema),
    issues: action
      .input(z.object({ datasetId: idSchema, ...page }))
      .output(z.object({ total: z.number().int(), issues: z.array(importIssueSchema) })),
    samples: action
      .input(
        z.object({
          datasetId: idSchema,
          split: splitNameSchema.optional(),
          /** Class name; null for unlabeled samples. */
          label: z.string().nullable().optional(),
          /** Only those that differ from the import. */
          changed: z.boolean().optional(),
          ...page,
        }),
      )
      .output(z.object({ total: z.number().int(), samples: z.array(sampleSchema) })),
    /** Looks for validation and test samples that are copies of training samples; an import has done so once. */
    findCopies: action.input(z.object({ datasetId: idSchema })).output(datasetSchema),
    /** Pairs found, most alike first. */
    copies: action
      .input(z.object({ datasetId: idSchema, ...page }))
      .output(z.object({ total: z.number().int(), pairs: z.array(copyPairSchema) })),
    /** What is known of copies of its held-out samples in other datasets; those that nobody looked into are not told. */
    copiesBetween: action.input(z.object({ datasetId: idSchema })).output(z.array(copiesBetweenSchema)),
    /** Looks for copies of its held-out samples among the training samples of another dataset. */
    findCopiesBetween: action
      .input(z.object({ datasetId: idSchema, otherId: idSchema }))
      .output(copiesBetweenSchema),
    /** Pairs found there, most alike first. */
    pairsBetween: action
      .input(z.object({ datasetId: idSchema, otherId: idSchema, ...page }))
      .output(z.object({ total: z.number().int(), pairs: z.array(copyPairSchema) })),
    /** Takes the training sample of every pair out of training, or back into it. Refused while a study uses it. */
    leaveCopiesOut: action
      .input(z.object({ datasetId: idSchema, leaveOut: z.boolean() }))
      .output(datasetSchema),
    /** A new version of its labels. The import stays as it was, and studies keep the labels that they used. */
    changeLabels: action.input(labelWishSchema).output(labelsChangedSchema),
    /** Brings back the labels before the latest change that is not undone yet, or those of a version (0: the import). */
    undoLabels: action
      .input(z.object({ datasetId: idSchema, to: z.number().int().min(0).optional() }))
      .output(labelsChangedSchema),
    labelVersions: action.input(z.object({ datasetId: idSchema, ...page })).output(labelVersionsSchema),
    /** Writes a list of all samples and their labels as CSV. */
    exportLabels: action
      .input(labelFileSchema.extend({ overwrite: z.boolean().default(false) }))
      .output(z.object({ samples: z.number().int() })),
    /** Takes the labels of such a list; bad rows are told, the others count. */
    importLabels: action
      .input(
        labelFileSchema.extend({
          tests: z.boolean().default(false),
          /** A row without a label takes the sample's away; otherwise it leaves it. */
          emptyRemoves: z.boolean().default(false),
        }),
      )
      .output(labelFileReportSchema),
    ...groupActions,
    ...tableActions,
    ...recordingActions,
    /** Pictures or traces of samples, in the order asked for. */
    thumbnails: action
      .input(z.object({ datasetId: idSchema, indices: z.array(z.number().int()).max(500) }))
      .output(z.array(panelSchema.shape.content)),
  },

  preview: action
    .input(
      z.object({
        datasetId: idSchema,
        /** Datasets that are learned from together with it: their kinds count for the proposed views. */
        besides: z.array(idSchema).max(1000).optional(),
        task: z.string(),
        options: z.record(z.string(), z.unknown()),
        /** The encoder that is to be trained, where what a task shows depends on it. */
        encoder: encoderSchema.optional(),
        /** As `data.scale` of a recipe. */
        scale: z.enum(['dataset', 'recording']).optional(),
        seed: z.number().int().min(0),
        count: z.number().int().min(1).max(24).default(6),
      }),
    )
    .output(z.array(previewItemSchema)),

  study: {
    list: action.output(z.array(studySchema)),
    get: action.input(z.object({ studyId: idSchema })).output(studySchema),
    /** Checks a recipe's text (YAML or JSON) without starting anything. */
    check: action
      .input(
        z.object({
          text: z.string(),
          fileName: z.string().default('recipe.yaml'),
          /** Wins over what the recipe says; what neither says is as the machine's settings are. */
          device: deviceWishSchema.optional(),
        }),
      )
      .output(recipeCheckSchema),
    /** Starts a study, or continues the unfinished study of the same recipe. `baseFolder` resolves relative import paths. */
    start: action
      .input(z.object({ recipe: recipeSchema, baseFolder: z.string().optional() }))
      .output(studySchema),
    /** What the recipe's stages would take in memory; nothing where its data are not imported, or on a GPU. */
    memory: action.input(z.object({ recipe: recipeSchema })).output(z.array(memoryEstimateSchema)),
    /** About how long its pretraining takes, and how far its encoder looks; null where that is not known yet. */
    time: action.input(z.object({ recipe: recipeSchema })).output(timeEstimateSchema.nullable()),
    reach: action.input(z.object({ recipe: recipeSchema })).output(encoderReachSchema.nullable()),
    /** What becomes of the datasets that it puts together; null where one is not imported yet. */
    together: action.input(z.object({ recipe: recipeSchema })).output(togetherReportSchema.nullable()),
    samples: action.output(z.array(sampleStudySchema)),
    startSample: action.input(z.object({ id: z.string() })).output(studySchema),
    rename: action
      .input(z.object({ studyId: idSchema, name: z.string().trim().min(1).max(80) }))
      .output(studySchema),
    /** The recipe as YAML, enough to repeat the study. */
    yaml: action.input(z.object({ studyId: idSchema })).output(z.object({ text: z.string() })),
    /** One self-contained HTML file for people: question, data, method, results, cautions, how to repeat it. */
    report: action.input(z.object({ studyId: idSchema })).output(z.object({ html: z.string() })),
    /** Its figures as SVG and PNG in the folder `to`, an absolute path. */
    figures: action
      .input(z.object({ studyId: idSchema, to: z.string().min(1), overwrite: z.boolean().default(false) }))
      .output(writtenExportSchema),
    /** What is known so far; complete once the study is done. */
    result: action.input(z.object({ studyId: idSchema })).output(studyResultSchema),
    /** The test samples behind its numbers, worst first, with what its models answered. */
    answers: action.input(answersWishSchema).output(sampleAnswersSchema),
    /** Scores by group of test samples, for each label budget; none where test samples belong to no groups. */
    groups: action.input(z.object({ studyId: idSchema })).output(z.array(groupScoresSchema)),
    cancel: action.input(z.object({ studyId: idSchema })).output(nothing),
    remove: action.input(z.object({ studyId: idSchema })).output(z.object({ undoSeconds: z.number() })),
    restore: action.input(z.object({ studyId: idSchema })).output(studySchema),
  },

  run: {
    list: action.output(z.array(runSchema)),
    get: action.input(runId).output(
      z.object({
        run: runSchema,
        checkpoints: z.array(checkpointSchema),
        transfer: transferSchema.nullable(),
        /** The frozen configuration the run was started with. */
        config: runConfigSchema,
      }),
    ),
    metrics: action.input(runId).output(z.array(metricPointSchema)),
    pause: action.input(runId).output(runSchema),
    /** Goes on with a paused or interrupted run, or tries a failed one again, with the failed runs that it needs. */
    resume: action.input(runId).output(runSchema),
    /** All that wait or run, of one study or of all: those that wait first, so that none begins meanwhile. */
    pauseAll: action.input(z.object({ studyId: idSchema.optional() })).output(z.array(runSchema)),
    /** All that are paused or interrupted; failed ones are tried again one by one. */
    resumeAll: action.input(z.object({ studyId: idSchema.optional() })).output(z.array(runSchema)),
    cancel: action.input(runId).output(runSchema),
  },

  /** Kept models, and what they answer. */
  model: modelActions,

  away: awayActions,
  checkpoint: {
    list: action.output(z.array(checkpointSchema)),
  },
};
export type Contract = typeof contract;
