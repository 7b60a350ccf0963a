/** `study errors`: the test samples behind a study's numbers. */
import { answersNames } from '../../contract/data/target.ts';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { armSchema, type Arm, type LabelBudget } from '../../contract/recipe/recipe.ts';
import type { ResultRow } from '../../contract/results/result.ts';
import { ANSWERS_HEAD, answerLine } from '../../contract/results/answers-csv.ts';
import type { AnswersWish, SampleAnswers } from '../../contract/results/sample-answers.ts';
import type { Client } from '../../client/service.ts';
import { writeWhole } from '../../machine/whole-file.ts';
import { printJson, printLine, say, UsageError, type Environment } from '../environment.ts';
import { budgetText } from '../words/result-table.ts';
import { projectFolder, withService, type ProjectOption } from '../session/session.ts';
import { studyIdOf } from '../session/studies.ts';
import { plural, table } from '../words/text.ts';
import { wholeNumber } from '../flags/whole-number.ts';

type Options = ProjectOption & {
  arm?: Arm;
  dataset?: string;
  labels?: string;
  seed?: number;
  truth?: string;
  answer?: string;
  group?: string;
  outcome?: AnswersWish['outcome'];
  limit?: number;
  json?: boolean;
  output?: string;
  overwrite?: boolean;
};

const PAGE = 500;
const SHOWN = 20;
export function addErrors(study: Command, environment: Environment): void {
  study
    .command('errors <study>')
    .description(
      'list the test samples that a study’s models got wrong, worst first by loss (numbers: by error)',
    )
    .addOption(new Option('--arm <arm>', 'whose answers').choices(armSchema.options))
    .option('--dataset <name>', 'on the test samples of which dataset, where several are tested')
    .option('--labels <budget>', 'at which label budget: all, 10, “10 per class”, “5 %”')
    .option('--seed <seed>', 'one seed; default: all of them, by their mean loss', wholeNumber)
    .option('--truth <class>', 'only samples of this class, by the labels that the study used')
    .option('--answer <class>', 'only samples that were taken for this class')
    .option('--group <group>', 'only samples of this group (subject, site, session)')
    .addOption(
      new Option(
        '--outcome <which>',
        'which answers; default: wrong, or all of a cell of the confusion matrix',
      ).choices(['wrong', 'right', 'all']),
    )
    .option('--limit <count>', `at most so many; default: ${SHOWN} in the table, else all`, wholeNumber)
    .option('--output <file>', 'write them as CSV')
    .option('--overwrite', 'write over a file that is there')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print one JSON document')
    .action((named: string, options: Options) => listErrors(environment, named, options));
}

async function listErrors(environment: Environment, named: string, options: Options): Promise<void> {
  const folder = projectFolder(environment, options);
  await withService(environment, { folder }, async (client) => {
    const wish = await wishOf(client, await studyIdOf(client, named), options);
    const limit = options.limit ?? (options.json || options.output !== undefined ? Infinity : SHOWN);
    if (options.output !== undefined) {
      const file = resolve(environment.folder, options.output);
      let count = 0;
      await writeWhole(
        file,
        (async function* () {
          yield ANSWERS_HEAD;
          for await (const { answers } of pagesOf(client, wish, limit)) {
            count += answers.length;
            yield answers.map(answerLine).join('');
          }
        })(),
        options.overwrite === true,
      );
      say(environment, `${plural(count, 'sample')} written to ${file}`);
      if (!options.json) return;
    }
    const pages = [];
    for await (const page of pagesOf(client, wish, limit)) pages.push(page);
    const found = { ...pages[0]!, answers: pages.flatMap(({ answers }) => answers) };
    const { studyId: study, arm, dataset, budget, seed = null } = wish;
    if (options.json)
      printJson(environment, { project: folder, study, arm, dataset, budget, seed, ...found });
    else printLine(environment, tableOf(wish, found));
  });
}

async function* pagesOf(client: Client, wish: Omit<AnswersWish, 'offset' | 'limit'>, most: number) {
  for (let offset = 0; ; offset += PAGE) {
    const page: SampleAnswers = await client.study.answers({
      ...wish,
      offset,
      limit: Math.min(PAGE, Math.max(1, most - offset)),
    });
    yield page;
    if (offset + PAGE >= Math.min(most, page.total)) return;
  }
}

/** What was left open is what there is only one of; the result says what there is. */
async function wishOf(
  client: Client,
  studyId: string,
  { arm, dataset, labels, seed, truth, answer, group, outcome }: Options,
): Promise<Omit<AnswersWish, 'offset' | 'limit'>> {
  const { results: all } = await client.study.result({ studyId });
  const names = [...new Set(all.map((row) => row.dataset))];
  const tested = only(
    dataset === undefined ? names : names.filter((one) => one === dataset),
    '--dataset',
    names,
  );
  const results = all.filter((row) => row.dataset === tested);
  const arms = [...new Set(results.map((row) => row.arm))];
  const chosenArm = only(arm === undefined ? arms : arms.filter((one) => one === arm), '--arm', arms);
  const ofArm = results.filter((row) => row.arm === chosenArm);
  const budgets = [...new Map(ofArm.map((row) => [JSON.stringify(row.budget), row])).values()];
  const matching = labels === undefined ? budgets : matchingBudgets(budgets, labels);
  const row = only(matching, '--labels', budgets.map(budgetWords));
  const isCell = truth !== undefined && answer !== undefined;
  return {
    studyId,
    arm: chosenArm,
    dataset: tested,
    budget: row.budget!,
    ...(seed !== undefined && { seed }),
    ...(truth !== undefined && { truth }),
    ...(answer !== undefined && { answer }),
    ...(group !== undefined && { group }),
    outcome: outcome ?? (isCell ? 'all' : 'wrong'),
  };
}

/** By its own words first, then by how many labels it came to, in all or of each class. */
function matchingBudgets(budgets: readonly ResultRow[], text: string): ResultRow[] {
  const plain = (words: string) => words.toLowerCase().replaceAll(/\s/g, '');
  const ways: ((row: ResultRow) => boolean)[] = [
    (row) => plain(budgetWords(row)) === plain(text),
    (row) => String(row.labels) === text,
    (row) => String(row.labelsPerClass) === text,
  ];
  return ways.map((way) => budgets.filter(way)).find((found) => found.length > 0) ?? [];
}

const budgetWords = ({ budget, labels }: Pick<ResultRow, 'budget' | 'labels'>) =>
  budgetText(budget ?? ({ total: labels } as LabelBudget));

function only<T>(found: readonly T[], option: string, there: readonly string[]): T {
  if (found.length === 1) return found[0]!;
  if (there.length === 0) throw new UsageError('The study has no results yet.');
  throw new UsageError(`Which? Give ${option}, one of: ${there.join(', ')}`);
}

function tableOf(
  wish: Omit<AnswersWish, 'offset' | 'limit'>,
  { total, tested, target, answers, seeds }: SampleAnswers,
): string {
  const isNumber = !answersNames(target);
  const isSure = target === 'classes';
  const rows = answers.map(({ index, truth, answer, probability, loss, lossIsBound, seeds: own, sample }) => [
    String(index),
    truth,
    answer,
    ...(!isSure ? [] : [probability === null ? '' : probability.toFixed(3)]),
    `${lossIsBound ? '≥ ' : ''}${loss.toFixed(3)}`,
    own.length === seeds.length ? 'all' : own.join(' '),
    sample?.group ?? '',
    sample?.source ?? '(the dataset is gone)',
    sample && sample.label !== truth ? `now ${sample.label ?? 'unlabeled'}` : '',
  ]);
  const of = wish.seed === undefined ? plural(seeds.length, 'seed') : `seed ${wish.seed}`;
  const which = isNumber
    ? target === 'number'
      ? 'by absolute error'
      : 'by mean absolute error, in standard deviations'
    : `${wish.outcome === 'all' ? '' : `${wish.outcome}, `}by loss`;
  const head = ['sample', 'truth', 'answer', ...(isSure ? ['sure'] : []), isNumber ? 'error' : 'loss'];
  return [
    `${wish.arm} on ${wish.dataset} with ${budgetText(wish.budget)} labels, ${of}: ${total} of ${plural(tested, 'test sample')} (${which}), worst first`,
    table([...head, 'seeds', 'group', 'source', ''], rows, isSure ? [0, 3, 4] : [0, 3]),
    ...(total > answers.length
      ? [`and ${total - answers.length} more: --limit, --json or --output have them`]
      : []),
  ].join('\n');
}
