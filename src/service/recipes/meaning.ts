/** What a recipe's schema cannot know: that its encoder, task, options, datasets and checkpoint exist and fit. */
import {
  describeEncoders,
  describePretextTasks,
  encoderDifferences,
  findEncoder,
  findPretextTask,
  type EncoderChoice,
} from '../../learning/catalogue.ts';
import { describeReaders, findReader } from '../../data/catalogue.ts';
import { PretextError } from '../../contract/errors.ts';
import type { PretextTaskDescription } from '../../contract/catalogue.ts';
import type { Dataset } from '../../contract/entities.ts';
import { metricOf, metricsFor } from '../../contract/results/metric.ts';
import { describeModality, modalities, type Modality } from '../../contract/data/modality.ts';
import { targetWords } from '../../contract/data/target.ts';
import { pretextSchema, type Recipe, finetuneDatasetOf } from '../../contract/recipe/recipe.ts';
import { candidatesOf, TUNED_ARMS } from '../../contract/recipe/tuning-plan.ts';
import { checkDataNeeds } from './data-needs.ts';
import { checkExclusions, checkFolds } from './fold-check.ts';
import { checkFields, type Path, type Problem } from './field-check.ts';
import { isReference, needsCheckpoint } from '../../contract/recipe/arms.ts';
import { pretrainingsOf } from './plan.ts';
import { nearest } from '../../contract/suggest.ts';
import { checkBelonging, checkNeeds, checkShared } from './task-needs.ts';
import { checkScale } from './scale-needs.ts';
import { checkKinds, checkTogether } from './together-needs.ts';

const MOST_CANDIDATES = 64;

/** What is known of the project that the recipe is meant for; without one, nothing is said about datasets. */
export interface KnownProject {
  datasets: Dataset[];
  /** Of all that the project holds, for a hint where a name is wrong; left out: of those datasets. */
  datasetNames?: readonly string[];
  /** Names of those whose samples are known to be parts of recordings. */
  recorded?: ReadonlySet<string>;
  checkpointIds: string[];
  /** Encoders of checkpoints that pretraining wrote, by their id. */
  encoders: ReadonlyMap<string, EncoderChoice>;
  /** The recipe with the common form of the checkpoint that it begins with. */
  formed?(recipe: Recipe): Recipe;
}

export function checkMeaning(given: Recipe, project: KnownProject | null): Problem[] {
  const recipe = project?.formed?.(given) ?? given;
  return [
    ...checkImports(recipe),
    ...checkDatasets(recipe, project),
    ...checkStages(recipe, project),
    ...checkEncoder(recipe, project),
    ...checkTask(recipe, project),
    ...checkTournament(recipe, project),
    ...checkStart(recipe, project),
    ...checkTogether(recipe, project?.datasets ?? []),
    ...checkScale(recipe, project?.datasets ?? [], given.data.scale),
    ...checkNeeds(recipe, project?.datasets ?? []),
    ...checkShared(recipe, project?.datasets ?? []),
    ...checkMetric(recipe, project),
    ...checkPretrainings(recipe),
    // Folds are looked at one by one once they are dealt.
    ...(recipe.data.folds ? checkFolds(recipe, project) : checkDataNeeds(recipe, project?.datasets ?? [])),
    ...checkExclusions(recipe, project),
    ...checkTuning(recipe),
    ...checkReferences(recipe, project),
  ];
}

/** Formats and their own options, where the recipe names a format; else the files decide, and are asked at the import. */
function checkImports({ data }: Recipe): Problem[] {
  return Object.entries(data.import).flatMap(([name, { format, options = {} }]): Problem[] => {
    if (format === 'auto') return [];
    const path = ['data', 'import', name];
    const reader = findReader(format);
    if (reader)
      return checkFields(reader.options, reader.earlier?.(options) ?? options, [...path, 'options']).problems;
    const known = ['auto', ...describeReaders().map(({ id }) => id)];
    const message = `There is no format “${format}”. Known: ${known.join(', ')}.${hint(format, known)}`;
    return [{ path: [...path, 'format'], message }];
  });
}

function checkDatasets(recipe: Recipe, project: KnownProject | null): Problem[] {
  const imported = Object.keys(recipe.data.import);
  const named: [string, Path][] = recipe.data.pretrain.map((name, index) => [
    name,
    ['data', 'pretrain', index],
  ]);
  if (recipe.data.finetune) named.push([recipe.data.finetune, ['data', 'finetune']]);
  recipe.data.alsoFinetune?.forEach((name, index) => named.push([name, ['data', 'alsoFinetune', index]]));
  // Without a project only a recipe that brings its own datasets can be judged.
  if (!project && imported.length === 0) return [];
  const known = [...imported, ...(project?.datasets.map(({ name }) => name) ?? [])];
  const missing = named.filter(([name]) => !known.includes(name));
  const unknown = missing.map(([name, path]) => ({
    path,
    message: `There is no dataset “${name}”, neither in the project nor under \`data.import\`.${hint(name, [...known, ...(project?.datasetNames ?? [])])}`,
  }));
  return project ? [...unknown, ...checkKinds(recipe, project.datasets)] : [];
}

function checkStages(recipe: Recipe, project: KnownProject | null): Problem[] {
  const { pretext, finetune, tournament, fromCheckpoint } = recipe;
  const problems: Problem[] = [];
  if (!pretext && !finetune && !tournament)
    problems.push({
      path: [],
      message: 'The recipe holds neither `pretext` nor `finetune`: there is nothing to do.',
    });
  const needing = finetune?.arms.filter(needsCheckpoint) ?? [];
  if (!pretext && !fromCheckpoint && !tournament && needing.length > 0)
    problems.push({
      path: ['finetune', 'arms'],
      message: `${needing.join(', ')} start from a pretrained encoder: add \`pretext\`, or \`fromCheckpoint\`.`,
    });
  if (fromCheckpoint && project && !project.checkpointIds.includes(fromCheckpoint))
    problems.push({
      path: ['fromCheckpoint'],
      message: `There is no checkpoint “${fromCheckpoint}” in the project.`,
    });
  return problems;
}

/** Pretraining goes on with the encoder of a checkpoint: there must be one, and it must be the recipe's. */
function checkStart({ encoder, pretext }: Recipe, project: KnownProject | null): Problem[] {
  const id = pretext?.startFrom;
  if (id === undefined || !project) return [];
  const path = ['pretext', 'startFrom'];
  const found = project.encoders.get(id);
  if (!project.checkpointIds.includes(id))
    return [{ path, message: `There is no checkpoint “${id}” in the project.` }];
  if (!found)
    return [
      {
        path,
        message: `The checkpoint “${id}” was not written by pretraining, which alone can be gone on with.`,
      },
    ];
  const differences = differencesIn(found, encoder, project);
  if (differences.length === 0) return [];
  return [
    {
      path,
      message: `The encoder of the checkpoint “${id}” differs from the recipe’s: ${differences.join(', ')}.`,
    },
  ];
}

/** Options that are wrong by themselves are another problem, and told elsewhere. */
function differencesIn(found: EncoderChoice, wanted: EncoderChoice, project: KnownProject): string[] {
  try {
    // What the recipe leaves out is as the checkpoint has it.
    const options = { ...(found.options as object), ...(wanted.options as object) };
    const whole = found.family === wanted.family ? { ...wanted, options } : wanted;
    return encoderDifferences(found, whole, possibleKinds(project)[0]!);
  } catch (error) {
    if (error instanceof PretextError) return [];
    throw error;
  }
}

function checkEncoder({ encoder }: Recipe, project: KnownProject | null): Problem[] {
  const kinds = possibleKinds(project);
  const fitting = describeEncoders().filter(({ modalities }) =>
    modalities.some((kind) => kinds.includes(kind)),
  );
  const found = fitting.find(({ id }) => id === encoder.family);
  if (!found)
    return [
      unknownChoice(
        ['encoder', 'family'],
        'encoder',
        encoder.family,
        fitting.map(({ id }) => id),
      ),
    ];
  return leastProblems(
    fitting
      .filter(({ id }) => id === encoder.family)
      .map(
        ({ modalities }) =>
          checkFields(findEncoder(encoder.family, modalities[0]!).options, encoder.options, [
            'encoder',
            'options',
          ]).problems,
      ),
  );
}

function checkTask(recipe: Recipe, project: KnownProject | null): Problem[] {
  const { pretext } = recipe;
  if (!pretext) return [];
  const kinds = possibleKinds(project);
  const fitting = describePretextTasks().filter(({ modalities }) =>
    modalities.some((kind) => kinds.includes(kind)),
  );
  const found = fitting.find(({ id }) => id === pretext.task);
  if (!found)
    return [
      unknownChoice(
        ['pretext', 'task'],
        'pretext task',
        pretext.task,
        fitting.map(({ id }) => id),
      ),
    ];
  const { options } = findPretextTask(
    pretext.task,
    found.modalities.find((kind) => kinds.includes(kind))!,
  );
  return [
    ...checkFields(options, pretext.options, ['pretext', 'options']).problems,
    ...checkFamily(found, recipe.encoder.family),
    ...checkAccumulation(pretext, found.accumulates === true),
    ...(found.needsLabels ? checkPretextLabels(recipe, project) : []),
    ...checkBelonging(recipe, found, project),
  ];
}

/** A task that learns from labels needs classes in every dataset it is given. */
function checkPretextLabels({ data, pretext }: Recipe, project: KnownProject | null): Problem[] {
  return data.pretrain.flatMap((name, index) => {
    const dataset = project?.datasets.find((one) => one.name === name);
    if (!dataset || (dataset.labeledCount > 0 && dataset.target === 'classes')) return [];
    const found =
      dataset.labeledCount === 0 ? 'has no labels' : `has ${targetWords(dataset.target)} as labels`;
    return [
      {
        path: ['data', 'pretrain', index],
        message: `The pretext task “${pretext!.task}” learns from classes, and the dataset “${name}” ${found}.`,
      },
    ];
  });
}

/** Candidates must exist; and to rank them there must be labeled validation samples that pretraining's data holds. */
function checkTournament(recipe: Recipe, project: KnownProject | null): Problem[] {
  const { tournament, fromCheckpoint, data, finetune } = recipe;
  if (!tournament) return [];
  const problems: Problem[] = [];
  if (fromCheckpoint)
    problems.push({
      path: ['tournament'],
      message:
        'With `fromCheckpoint` there is no pretraining, so there is nothing for a tournament to decide.',
    });
  if (!tournament.train && finetune?.arms.some(needsCheckpoint))
    problems.push({
      path: ['tournament', 'train'],
      message:
        '`tournament.train` must be true where `finetune` starts from a pretrained encoder: the winner’s. Found: false',
    });
  const name = finetuneDatasetOf(recipe);
  const dataset = project?.datasets.find((one) => one.name === name);
  if (
    !data.pretrain.includes(name) ||
    (dataset && (dataset.labeledCount === 0 || dataset.split.validation === 0))
  )
    problems.push({
      path: ['tournament'],
      message: `A tournament ranks by a probe on labeled validation samples of “${name}”, which must be among \`data.pretrain\` and have some.`,
    });
  const kinds = possibleKinds(project);
  const fitting = describePretextTasks().filter(({ modalities }) =>
    modalities.some((kind) => kinds.includes(kind)),
  );
  const known = fitting.map(({ id }) => id);
  const entries = tournament.tasks === 'auto' ? [] : tournament.tasks;
  for (const [i, entry] of entries.entries()) {
    const task = typeof entry === 'string' ? entry : entry.task;
    if (!known.includes(task))
      problems.push(unknownChoice(['tournament', 'tasks', i], 'pretext task', task, known));
    const found = fitting.find(({ id }) => id === task);
    if (!found) continue;
    const options = typeof entry === 'string' ? {} : entry.options;
    const alone = { ...recipe, pretext: pretextSchema.parse({ task, options }) };
    const own = [
      ...(found.needsLabels ? checkPretextLabels(alone, project) : []),
      ...checkBelonging(alone, found, project),
      ...checkNeeds(alone, project?.datasets ?? []),
    ].map(({ message }) => ({ path: ['tournament', 'tasks', i], message }));
    problems.push(...checkFamily(found, recipe.encoder.family), ...own);
  }
  return problems;
}

/** A family that does not exist is another problem, and told elsewhere. */
function checkFamily({ id, encoders }: PretextTaskDescription, family: string): Problem[] {
  if (encoders.includes(family) || describeEncoders().every((encoder) => encoder.id !== family)) return [];
  return [
    {
      path: ['encoder', 'family'],
      message: `The pretext task “${id}” cannot use the encoder “${family}”. It works with: ${encoders.join(', ')}.`,
    },
  ];
}

function checkMetric(recipe: Recipe, project: KnownProject | null): Problem[] {
  const metric = recipe.finetune?.metric;
  const dataset = project?.datasets.find(({ name }) => name === finetuneDatasetOf(recipe));
  if (!recipe.finetune || !dataset) return [];
  if (dataset.labeledCount === 0)
    return [
      {
        path: ['data', 'finetune'],
        message: `The dataset “${dataset.name}” has no labels, and fine-tuning needs some: import it again and say where they stand (of a table, which column is the target), or give labels on its page.`,
        advises: true,
      },
    ];
  if (!metric || metricOf(metric).of.includes(dataset.target)) return [];
  const allowed = listed(metricsFor(dataset.target));
  return [
    {
      path: ['finetune', 'metric'],
      message: `\`finetune.metric\` must be ${allowed}, as the labels of “${dataset.name}” are ${targetWords(dataset.target)}. Found: ${metric}`,
    },
  ];
}

/** References are fitted to samples as they are stored: rows of columns, not pictures or windows. */
function checkReferences(recipe: Recipe, project: KnownProject | null): Problem[] {
  const dataset = project?.datasets.find(({ name }) => name === finetuneDatasetOf(recipe));
  const references = recipe.finetune?.arms.filter(isReference) ?? [];
  if (!dataset || references.length === 0 || describeModality(dataset.modality).references) return [];
  const message = `${references.join(', ')} can only be fitted to tables, and “${dataset.name}” is none.`;
  return [{ path: ['finetune', 'arms'], message }];
}

/** A pretraining that no seed of fine-tuning starts from would be for nothing. */
function checkPretrainings(recipe: Recipe): Problem[] {
  const { finetune } = recipe;
  const pretrainings = pretrainingsOf(recipe);
  if (!finetune || pretrainings <= finetune.seeds) return [];
  const message = `\`pretext.seeds\` must be at most \`finetune.seeds\`, which is ${finetune.seeds}: each pretraining needs a seed of fine-tuning. Found: ${pretrainings}`;
  return [{ path: ['pretext', 'seeds'], message }];
}

/** There must be something to tune, and not more than anybody would wait for. */
function checkTuning({ finetune }: Recipe): Problem[] {
  if (!finetune?.tune) return [];
  const path = ['finetune', 'tune'];
  if (!finetune.arms.some((arm) => TUNED_ARMS.includes(arm)))
    return [
      { path, message: `Tuning is for arms that are trained (${TUNED_ARMS.join(', ')}), and there is none.` },
    ];
  const count = candidatesOf(finetune).length;
  if (count <= MOST_CANDIDATES) return [];
  const message = `\`finetune.tune\` asks for ${count} settings of every arm. At most ${MOST_CANDIDATES} are allowed: name fewer values.`;
  return [{ path, message }];
}

/** The kind of the data where it is known, else all kinds. */
function possibleKinds(project: KnownProject | null): Modality[] {
  const known = new Set(project?.datasets.map(({ modality }) => modality));
  return known.size === 1 ? [...known] : modalities.map(({ id }) => id);
}

/** Whether a step may be computed in parts, and into how many. */
function checkAccumulation(
  { accumulation, batchSize, task }: NonNullable<Recipe['pretext']>,
  allowed: boolean,
): Problem[] {
  // What is left out will fit: it is proposed.
  if (accumulation === 1 || (allowed && batchSize === undefined)) return [];
  const path = ['pretext', 'accumulation'];
  if (!allowed) {
    const message = `\`pretext.accumulation\` must be 1 for ${task}: its loss compares the samples of a whole batch. Found: ${accumulation}`;
    return [{ path, message }];
  }
  if (batchSize === undefined || (batchSize % accumulation === 0 && batchSize / accumulation >= 2)) return [];
  const message = `\`pretext.accumulation\` must divide the batch of ${batchSize} into equal parts of at least 2 samples. Found: ${accumulation}`;
  return [{ path, message }];
}

/** One id may stand for several encoders, one for each kind of data: the one that fits best is meant. */
function leastProblems(candidates: Problem[][]): Problem[] {
  return candidates.toSorted((a, b) => a.length - b.length)[0] ?? [];
}

function unknownChoice(path: Path, what: string, found: string, known: string[]): Problem {
  return {
    path,
    message: `There is no ${what} “${found}” for this kind of data. Known: ${[...new Set(known)].join(', ')}.${hint(found, known)}`,
  };
}

/** "a, b or c". */
const listed = (names: readonly string[]) => `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

function hint(found: string, known: readonly string[]): string {
  const guess = nearest(found, known);
  return guess ? ` Did you mean “${guess}”?` : '';
}
