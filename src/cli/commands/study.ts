import { basename, dirname, resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Run, Study } from '../../contract/entities.ts';
import { PretextError, formatFailure } from '../../contract/errors.ts';
import { withBudgetCurve, type CurveKind } from '../../contract/recipe/label-budget.ts';
import { finetuneSchema, type Recipe, finetuneDatasetOf } from '../../contract/recipe/recipe.ts';
import { timeWords } from '../../contract/machine/time-estimate.ts';
import { tuningCostWords } from '../../contract/recipe/tuning-plan.ts';
import type { GroupScores } from '../../contract/results/result.ts';
import { resultCsv } from '../../contract/results/csv.ts';
import { fromCall, type Client } from '../../client/service.ts';
import type { RecipeCheck } from '../../service/recipes/text.ts';
import { NotDone, printJson, printLine, say, type Environment } from '../environment.ts';
import { addDeviceFlags, deviceOf, type DeviceFlags } from '../flags/device-options.ts';
import { addEngineFlags, wishesOf, type EngineFlags } from '../flags/engine-options.ts';
import { bundlesBeside } from '../../bundle/beside.ts';
import { computeElsewhere } from '../session/elsewhere.ts';
import { follow } from '../session/follow.ts';
import { memoryText, refusalOf } from '../words/memory-text.ts';
import { resultText } from '../words/result-table.ts';
import { isProject, projectFolder, withService, type ProjectOption } from '../session/session.ts';
import { duration, plural, table } from '../words/text.ts';
import { addErrors } from './errors.ts';
import { addStudyRemoval } from './remove.ts';
import { readRecipe } from '../recipes/recipe-file.ts';
import { RECIPE_HELP } from '../recipes/schema-help.ts';
import { studyIs } from '../../contract/status.ts';
import { studyIdOf } from '../session/studies.ts';
import { datasetNamed } from '../session/datasets.ts';

type Options = ProjectOption & { json?: boolean };
type RunOptions = Options & DeviceFlags & EngineFlags & { bundles?: string };
type CurveOptions = Options & { by: CurveKind; seeds?: number };

export function addStudyCommands(program: Command, environment: Environment): void {
  const study = program.command('study').description('Studies: a recipe, its runs and their comparison');
  const run = study
    .command('run <recipe>')
    .description('run a study, or continue the unfinished one of the same recipe')
    .option('--project <folder>', 'the project; made if there is none; default: the present folder');
  addEngineFlags(addDeviceFlags(run))
    .option('--bundles <folder>', 'where jobs for other machines are packed; default: beside the project')
    .option('--json', 'print the result as one JSON document')
    .addHelpText('after', RECIPE_HELP)
    .action((recipe: string, options: RunOptions) => runStudy(environment, recipe, options));
  study
    .command('curve <study>')
    .description(
      'run a budget curve: the study again at label budgets from few to all; what is finished is reused',
    )
    .addOption(
      new Option('--by <kind>', 'shares of the labels, 1 to 100 %, or labels per class, 1 2 5 10 …')
        .choices(['shares', 'per-class'])
        .default('shares'),
    )
    .option('--seeds <count>', 'how many seeds; default: as many as the study has', seedCount)
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print the result as one JSON document')
    .action((studyId: string, options: CurveOptions) => runCurve(environment, studyId, options));
  study
    .command('list')
    .description('list the studies')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print one JSON document')
    .action(async (options: Options) => {
      const folder = projectFolder(environment, options);
      const studies = await withService(environment, { folder }, (client) => client.study.list());
      if (options.json) printJson(environment, { project: folder, studies });
      else printLine(environment, studyTable(studies));
    });
  study
    .command('show <study>')
    .description('show a study and its runs')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print one JSON document')
    .action(async (named: string, options: Options) => {
      const folder = projectFolder(environment, options);
      const shown = await withService(environment, { folder }, async (client) => {
        const studyId = await studyIdOf(client, named);
        const found = await client.study.get({ studyId });
        const runs = (await client.run.list()).filter((run) => run.studyId === studyId);
        return { study: found, runs };
      });
      if (options.json) return printJson(environment, shown);
      printLine(environment, `${shown.study.name} (${shown.study.id}): ${shown.study.status}`);
      if (shown.study.failure) printLine(environment, formatFailure(shown.study.failure));
      for (const run of shown.runs) printLine(environment, `  ${run.name}: ${run.status}${reusedNote(run)}`);
    });
  study
    .command('result <study>')
    .description('print what a study has found so far')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print one JSON document')
    .option('--csv', 'print a line for every arm, budget and seed')
    .action(async (named: string, options: Options & { csv?: boolean }) => {
      const folder = projectFolder(environment, options);
      await withService(environment, { folder }, async (client) =>
        printResult(environment, client, await studyIdOf(client, named), options),
      );
    });
  addErrors(study, environment);
  addStudyRemoval(study, environment);
  study
    .command('rename <study> <name>')
    .description('give a study another name')
    .option('--project <folder>', 'the project; default: the present folder')
    .action(async (named: string, name: string, options: Options) => {
      const folder = projectFolder(environment, options);
      const study = await withService(environment, { folder }, async (client) =>
        client.study.rename({ studyId: await studyIdOf(client, named), name }),
      );
      printLine(environment, `${study.id} is now named ${study.name}`);
    });
  study
    .command('yaml <study>')
    .description('print the recipe of a study, with every field')
    .option('--project <folder>', 'the project; default: the present folder')
    .action(async (named: string, options: Options) => {
      const folder = projectFolder(environment, options);
      const { text } = await withService(environment, { folder }, async (client) =>
        client.study.yaml({ studyId: await studyIdOf(client, named) }),
      );
      environment.stdout.write(text);
    });
}

async function runStudy(environment: Environment, recipeFile: string, options: RunOptions): Promise<void> {
  const file = resolve(environment.folder, recipeFile);
  const text = readRecipe(file);
  const folder =
    options.project === undefined
      ? projectFolder(environment, options)
      : resolve(environment.folder, options.project);
  const isNew = !isProject(folder);
  // A recipe that cannot be used leaves no project behind.
  if (isNew) await requireData(requireValid(await checkWithoutProject(text, basename(file))), dirname(file));
  const work = async (client: Client) => {
    const asked = { text, fileName: basename(file), device: deviceOf(options) };
    const check = await client.study.check(asked);
    const recipe = requireValid(check);
    for (const { message } of check.valid ? check.warnings : []) say(environment, `Warning: ${message}`);
    await requireMemory(environment, client, recipe);
    const begun = await followStudy(environment, client, recipe, dirname(file));
    const study = await elsewhere(environment, client, begun, { folder, options });
    await requireDone(client, study);
    await printResult(environment, client, study.id, options);
  };
  const request = { folder, queue: 'on' } as const;
  if (!isNew) return withService(environment, request, work);
  try {
    await withService(environment, { ...request, createName: '' }, work);
  } catch (thrown) {
    // Made in this moment by another process, maybe the last breath of one that was killed.
    if (!(thrown instanceof PretextError && thrown.failure.code === 'project.exists')) throw thrown;
    await withService(environment, request, work);
  }
}

/** Runs that other machines compute are packed, handed over and brought back; those of here are done. */
async function elsewhere(
  environment: Environment,
  client: Client,
  study: Study,
  { folder, options }: { folder: string; options: RunOptions },
): Promise<Study> {
  const engine = study.recipe.device.on ?? 'here';
  if (engine === 'here') return study;
  return computeElsewhere(environment, client, study, {
    engine,
    wishes: wishesOf(engine, options),
    bundles: options.bundles
      ? resolve(environment.folder, options.bundles, study.id)
      : bundlesBeside(folder, study.id),
  });
}

/** Says what may not fit, and refuses what clearly will not. Runs whose data come first look for themselves later. */
async function requireMemory(environment: Environment, client: Client, recipe: Recipe): Promise<void> {
  const estimates = await client.study.memory({ recipe }).catch((thrown: unknown) => {
    const error = fromCall(thrown);
    if (!(error instanceof PretextError && error.failure.code === 'question.ended')) throw error;
    // Every run looks for itself before its first step: nothing is lost but an early word.
    say(environment, `The memory that it needs is not known yet. ${error.failure.message}`);
    return [];
  });
  const refusal = refusalOf(estimates);
  if (refusal) throw new PretextError(refusal);
  const tight = estimates.filter(({ verdict }) => verdict === 'tight');
  if (tight.length > 0) say(environment, memoryText(tight));
  const time = await client.study.time({ recipe });
  if (time) say(environment, timeWords(time, duration));
}

async function runCurve(environment: Environment, named: string, options: CurveOptions): Promise<void> {
  const folder = projectFolder(environment, options);
  await withService(environment, { folder, queue: 'on' }, async (client) => {
    const { recipe } = await client.study.get({ studyId: await studyIdOf(client, named) });
    const dataset = await datasetNamed(client, finetuneDatasetOf(recipe));
    const wider = withBudgetCurve(recipe, dataset, options.by, options.seeds);
    await requireMemory(environment, client, wider);
    const study = await followStudy(environment, client, wider, folder);
    await requireDone(client, study);
    await printResult(environment, client, study.id, options);
  });
}

function seedCount(text: string): number {
  const parsed = finetuneSchema.shape.seeds.safeParse(Number(text));
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError('It must be a whole number from 1 to 100.');
}

async function checkWithoutProject(text: string, fileName: string): Promise<RecipeCheck> {
  const { checkRecipeText } = await import('../../service/recipes/text.ts');
  return checkRecipeText(text, fileName, () => null);
}

/** Throws `path.missing` when what the recipe imports is not there. */
async function requireData(recipe: Recipe, baseFolder: string): Promise<void> {
  const { requirePaths, resolvePaths } = await import('../../service/recipes/paths.ts');
  requirePaths(Object.entries(resolvePaths(recipe, baseFolder).data.import));
}

/** The recipe, or everything that is wrong with it in one error. */
function requireValid(check: RecipeCheck): Recipe {
  if (check.valid) return check.recipe;
  const lines = check.failures.map(({ message, place }) => `${message} (${place})`);
  const { code, remedy } = check.failures[0]!;
  const more = '`pretext recipe init` prints a recipe with every field and what it allows.';
  throw new PretextError({
    code,
    message: lines.join('\n'),
    remedy: [remedy, code === 'recipe.invalid' ? more : ''].filter(Boolean).join(' '),
  });
}

async function followStudy(
  environment: Environment,
  client: Client,
  recipe: Recipe,
  baseFolder: string,
): Promise<Study> {
  let studyId = '';
  const final = await follow<Study>(environment, client, {
    async begin() {
      const study = await client.study.start({ recipe, baseFolder });
      studyId = study.id;
      say(environment, `Study “${study.name}” (${study.id}): ${plural(study.runIds.length, 'run')}`);
      const cost = recipe.finetune && tuningCostWords(recipe.finetune);
      if (cost) say(environment, cost);
    },
    ended: (event) =>
      event.type === 'study' && event.study.id === studyId && isOver(event.study) ? event.study : null,
    interrupt: () => pauseStudy(client, studyId),
    interruptNote: 'Pausing: the checkpoint is being written. Ctrl-C again ends at once.',
  });
  return final;
}

/** One that waits for room on a full disk goes on by itself. */
const isOver = (study: Study) =>
  !studyIs('going', study) && !(study.status === 'paused' && study.failure?.code === 'disk.full');

async function pauseStudy(client: Client, studyId: string): Promise<void> {
  await client.run.pauseAll({ studyId });
  const { status } = await client.study.get({ studyId });
  if (status === 'importing')
    throw new NotDone('Stopped while importing. Run the same command again to go on.');
}

async function requireDone(client: Client, study: Study): Promise<void> {
  if (study.status === 'done') return;
  const runs = (await client.run.list()).filter(({ studyId }) => studyId === study.id);
  const failedRuns = runs.filter(({ status }) => status === 'failed').map(({ name }) => name);
  if (study.status === 'failed')
    throw new PretextError(
      study.failure ?? {
        code: 'study.failed',
        message: `These runs failed: ${failedRuns.join(', ')}.`,
        place: study.name,
      },
    );
  const why = runs.find(({ status, failure }) => status === 'paused' && failure)?.failure;
  if (study.status === 'paused' && why) throw new PretextError(why);
  if (study.status === 'paused')
    throw new NotDone(`Paused. Run the same command again to go on from the checkpoint.`);
  throw new NotDone(`The study was ${study.status}.`);
}

async function printResult(
  environment: Environment,
  client: Client,
  studyId: string,
  { json, csv }: Options & { csv?: boolean },
): Promise<void> {
  const [study, found, groups] = await Promise.all([
    client.study.get({ studyId }),
    client.study.result({ studyId }),
    readGroups(environment, client, studyId),
  ]);
  const result = groups.length > 0 ? { ...found, groups } : found;
  if (json) printJson(environment, result);
  else if (csv) environment.stdout.write(resultCsv(result));
  else printLine(environment, resultText(study.name, result));
}

/** Answers may be gone from the folder: then the result is told without them. */
async function readGroups(environment: Environment, client: Client, studyId: string): Promise<GroupScores[]> {
  try {
    return await client.study.groups({ studyId });
  } catch (thrown) {
    const error = fromCall(thrown);
    if (!(error instanceof PretextError && error.failure.code.startsWith('answers.'))) throw error;
    say(environment, `No scores by group. ${error.failure.message}`);
    return [];
  }
}

function reusedNote({ reused }: Run): string {
  return reused ? ` (reused from ${reused.map(({ name }) => name).join(', ')})` : '';
}

function studyTable(studies: readonly Study[]): string {
  if (studies.length === 0) return 'No studies yet: pretext study run RECIPE.yaml';
  const rows = studies.map(({ id, name, status, runIds, createdAt }) => [
    id,
    name,
    status,
    String(runIds.length),
    createdAt.slice(0, 16).replace('T', ' '),
  ]);
  return table(['id', 'name', 'status', 'runs', 'started (UTC)'], rows, [3]);
}
