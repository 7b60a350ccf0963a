/** The figures of a study as files: scores, what labels buy, and confusions of every arm and budget. */
import { ARM_TITLES, budgetTitle } from '../../contract/words.ts';
import { PretextError } from '../../contract/errors.ts';
import { armsOf, classRows, rowsOf, sumConfusion } from '../../contract/results/rows.ts';
import { resultsByDataset } from '../../contract/results/tested.ts';
import type { StudyResult } from '../../contract/results/result.ts';
import { foldFigure } from './folds.ts';
import { confusionFigure, figureFile, labelFigure, scoreFigure, type Figure } from './figures.ts';

/** Of more classes nothing could be read in a figure: their table is in the result. */
const MOST_CLASSES = 60;

/** Standing SVGs by the names of their files. */
export function studyFigures(result: StudyResult): Map<string, string> {
  if (result.summary.length === 0)
    throw new PretextError({
      code: 'figures.nothing',
      message: 'The study has no result yet, so there is nothing to draw.',
      place: result.study,
      remedy: 'Wait until a fine-tuning run of it is done.',
    });
  const parts = resultsByDataset(result);
  const figures = parts.flatMap((part): [string, Figure][] => {
    const of = parts.length > 1 ? `${part.summary[0]!.dataset}-` : '';
    return figuresOf(part).map(([name, figure]) => [of + name, figure]);
  });
  return new Map(figures.map(([name, figure]) => [name, figureFile(figure)]));
}

/** Of one dataset. */
function figuresOf(result: StudyResult): [string, Figure][] {
  const byLabels = labelFigure(result);
  return [
    ['scores', scoreFigure(result)],
    ...(byLabels ? [['scores-by-labels', byLabels] as [string, Figure]] : []),
    ...folds(result),
    ...confusions(result),
  ];
}

/** Budgets told in two ways may come to as many labels. */
function sameCount({ summary }: StudyResult, place: number): string {
  const { labels } = summary[place]!;
  const before = summary.slice(0, place).filter((row) => row.labels === labels).length;
  return before === 0 ? '' : `-${before + 1}`;
}

const folds = (result: StudyResult): [string, Figure][] =>
  result.summary.flatMap((row, place): [string, Figure][] => {
    const figure = foldFigure(result, row);
    return figure ? [[`folds-${row.labels}${sameCount(result, place)}`, figure]] : [];
  });

function confusions(result: StudyResult): [string, Figure][] {
  return result.summary.flatMap((row, place) => {
    const names = classRows(result, row).map(({ name }) => name);
    if (names.length === 0 || names.length > MOST_CLASSES) return [];
    return armsOf(row).flatMap((arm): [string, Figure][] => {
      const confusion = sumConfusion(rowsOf(result, row, arm));
      if (!confusion) return [];
      const title = `${ARM_TITLES[arm]}, ${budgetTitle(row)}, all seeds`;
      return [
        [
          `confusion-${arm}-${row.labels}${sameCount(result, place)}`,
          confusionFigure(title, names, confusion),
        ],
      ];
    });
  });
}
