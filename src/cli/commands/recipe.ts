import { basename, resolve } from 'node:path';
import { describeModality } from '../../contract/data/modality.ts';
import { proposedArms } from '../../contract/recipe/arms.ts';
import { proposedBudgets } from '../../contract/recipe/label-budget.ts';
import type { Command } from 'commander';
import type { Advice } from '../../contract/advice.ts';
import { PretextError, type Failure } from '../../contract/errors.ts';
import type { MemoryEstimate } from '../../contract/machine/memory.ts';
import { timeWords, type TimeEstimate } from '../../contract/machine/time-estimate.ts';
import type { TogetherReport } from '../../contract/recipe/together-report.ts';
import type { Recipe } from '../../contract/recipe/recipe.ts';
import { memoryText } from '../words/memory-text.ts';
import { NotDone, printJson, printLine, say, type Environment } from '../environment.ts';
import { recipeTemplate } from '../recipes/recipe-template.ts';
import { positiveNumber, wholeNumber } from '../flags/whole-number.ts';
import { fieldsHelp } from '../recipes/schema-help.ts';
import { isProject, projectFolder, withService, type ProjectOption } from '../session/session.ts';
import { duration, table } from '../words/text.ts';
import { readRecipe } from '../recipes/recipe-file.ts';

type InitOptions = ProjectOption & { dataset?: string; task?: string };
type AdviseOptions = ProjectOption & {
  json?: boolean;
  minutes?: number;
  batchSize?: number;
  upright?: boolean;
};

export function addRecipeCommands(program: Command, environment: Environment): void {
  const recipe = program.command('recipe').description('Recipes: the files that describe studies');
  recipe
    .command('init')
    .description('print a recipe with every field, its default and its meaning')
    .option('--project <folder>', 'the project that holds the dataset')
    .option('--dataset <name>', 'write it for this dataset, with the settings that suit its size and kind')
    .option('--task <id>', 'for this pretext task; default: the one that the advisor puts first')
    .action(async (options: InitOptions) => {
      environment.stdout.write(recipeTemplate(await proposedValues(environment, options)));
    });
  recipe
    .command('fields [topic]')
    .description(
      'say what the fields of a recipe mean, or the options of a format, an encoder or a pretext task',
    )
    .action(async (topic: string | undefined) => {
      // Encoders and tasks are only loaded when they are asked about.
      const { buildCatalogue } = await import('../../service/recipes/catalogue.ts');
      printLine(environment, fieldsHelp(buildCatalogue(), topic));
    });
  recipe
    .command('advise <dataset>')
    .description('say which pretext tasks suit a dataset, why, and with which settings to begin')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--minutes <count>', 'time for one pretraining', positiveNumber)
    .option('--batch-size <count>', 'largest batch that is wanted', wholeNumber)
    .option(
      '--upright',
      'the samples have an upright position: photographs do, images under a microscope do not',
    )
    .option('--no-upright', 'the samples have none')
    .option('--json', 'print one JSON document')
    .action(async (dataset: string, options: AdviseOptions) => {
      const folder = projectFolder(environment, options);
      const { minutes, batchSize, upright } = options;
      const advice = await withService(environment, { folder }, (client) =>
        client.advise({
          pretrain: [dataset],
          ...(minutes !== undefined && { minutes }),
          ...(batchSize !== undefined && { batchSize }),
          ...(upright !== undefined && { upright }),
        }),
      );
      if (options.json) printJson(environment, advice);
      else printLine(environment, adviceText(advice));
    });
  recipe
    .command('check <file>')
    .description('check a recipe without running it, and tell what its runs would take in memory and time')
    .option('--project <folder>', 'also check its datasets and checkpoints against this project')
    .option('--json', 'print one JSON document')
    .action(async (file: string, options: ProjectOption & { json?: boolean }) => {
      const path = resolve(environment.folder, file);
      const check = await checkText(environment, readRecipe(path), basename(path), options);
      if (options.json) printJson(environment, check);
      else if (check.valid) printLine(environment, validText(file, check));
      if (check.valid) return;
      if (!options.json) for (const failure of check.failures) say(environment, lineOf(failure));
      const { length } = check.failures;
      throw new NotDone(`${file} cannot be used: ${length} ${length === 1 ? 'mistake' : 'mistakes'}.`);
    });
}

/** What suits the dataset, by place in the recipe. Defaults alone where no dataset is named. */
async function proposedValues(
  environment: Environment,
  { dataset, task, ...options }: InitOptions,
): Promise<Record<string, unknown>> {
  if (dataset === undefined) return task === undefined ? {} : { 'pretext.task': task };
  const folder = projectFolder(environment, options);
  const { tasks, found } = await withService(environment, { folder }, async (client) => {
    const datasets = await client.dataset.list();
    const known = datasets.find(({ id, name }) => name === dataset || id === dataset);
    return { ...(await client.advise({ pretrain: [dataset] })), found: known };
  });
  const chosen = task === undefined ? tasks[0] : tasks.find((one) => one.task === task);
  if (!chosen || chosen.impossible !== null)
    throw new PretextError({
      code: 'task.unsuitable',
      message:
        `The pretext task “${task}” cannot be used with ${dataset}. ${chosen?.impossible ?? ''}`.trim(),
      place: dataset,
      remedy: `Choose one of: ${tasks.flatMap((one) => (one.impossible === null ? [one.task] : [])).join(', ')}.`,
    });
  const training = Object.entries(chosen.training).map(([name, value]) => [`pretext.${name}`, value]);
  return {
    ...Object.fromEntries(training),
    ...(found && {
      'finetune.arms': proposedArms(describeModality(found.modality).references),
      'finetune.budgets': proposedBudgets(found),
    }),
    'data.pretrain': [dataset],
    'pretext.task': chosen.task,
    'pretext.options': chosen.options,
  };
}

function adviceText({ sampleCount, tasks, start }: Advice): string {
  const rows = tasks.map(({ task, impossible, training, reasons }) => [
    `${start.includes(task) ? '*' : ' '} ${task}`,
    impossible === null ? String(training.batchSize ?? '') : '–',
    impossible === null ? String(training.epochs ?? '') : '–',
    impossible ?? reasons.join(' '),
  ]);
  return [
    `${sampleCount.toLocaleString('en')} samples. * : where a comparison would begin (\`tournament\` in a recipe).`,
    table(['  task', 'batch', 'epochs', 'why'], rows, [1, 2]),
    ...new Set(tasks.flatMap(({ views }) => views ?? [])),
  ].join('\n');
}

/** With what the runs would take in memory, and pretraining in time, where the project has their data. */
interface Needs {
  memory: MemoryEstimate[];
  time: TimeEstimate | null;
  /** What becomes of datasets that are put together. */
  together: TogetherReport | null;
}
type Checked =
  ({ valid: true; recipe: Recipe; warnings: Failure[] } & Needs) | { valid: false; failures: Failure[] };

async function checkText(
  environment: Environment,
  text: string,
  fileName: string,
  { project }: ProjectOption,
): Promise<Checked> {
  const given = project === undefined ? environment.folder : resolve(environment.folder, project);
  if (project !== undefined || isProject(given))
    return withService(environment, { folder: given }, async (client) => {
      const check = await client.study.check({ text, fileName });
      if (!check.valid) return check;
      const { recipe } = check;
      return {
        ...check,
        memory: await client.study.memory({ recipe }),
        time: await client.study.time({ recipe }),
        together: await client.study.together({ recipe }),
      };
    });
  const { checkRecipeText } = await import('../../service/recipes/text.ts');
  const check = checkRecipeText(text, fileName, () => null);
  return check.valid ? { ...check, memory: [], time: null, together: null } : check;
}

const validText = (file: string, { warnings, memory, time, together }: Needs & { warnings: Failure[] }) =>
  [
    `${file} is a valid recipe.`,
    ...warnings.map(({ message }) => `Warning: ${message}`),
    memoryText(memory),
    time ? timeWords(time, duration) : '',
    ...(together && together.sources.length > 1 ? togetherLines(together) : []),
  ]
    .filter(Boolean)
    .join('\n');

/** Each dataset before and after, and its share of the batches. */
const togetherLines = ({ sources, form }: TogetherReport): string[] => [
  '',
  `Put together: ${form ? form.shape.join(' × ') : 'not possible'}${form?.samplingRate ? ` at ${form.samplingRate} Hz` : ''}`,
  ...sources.flatMap(({ name, shape, samplingRate, share, steps }) => [
    `  ${name}: ${shape.join(' × ')}${samplingRate === null ? '' : ` at ${samplingRate} Hz`}${share === null ? '' : `, ${(share * 100).toFixed(1)} % of each batch`}`,
    ...(steps.length > 0 ? steps : ['Nothing is done to it.']).map((step) => `    ${step}`),
  ]),
];

const lineOf = ({ message, place }: Failure) => `${message} (${place})`;
