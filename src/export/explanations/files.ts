/** An explanation as files: figures as SVG and PNG, their numbers as CSV, and what all of it is about as JSON. */
import { csvLine } from '../../contract/csv.ts';
import type { Panel } from '../../contract/data/preview.ts';
import { answersNames } from '../../contract/data/target.ts';
import type { Explanation, ExplanationMap } from '../../contract/model/explanation.ts';
import type { Model } from '../../contract/model/model.ts';
import { headNames, readAnswer } from '../../contract/model/prediction.ts';
import { figureFiles } from '../../data/images/figure-png.ts';
import type { ExportedFile } from '../model.ts';
import { drawExplanation } from './drawing.ts';
import { drawNearest } from './nearest.ts';

export interface Explained {
  model: Model;
  /** What predictions call the sample. */
  source: string;
  explanation: Explanation;
  /** Pictures of the nearest training samples, in their order; empty where nobody has them. */
  pictures: readonly Panel['content'][];
}

export const METHOD_TITLES: Readonly<Record<ExplanationMap['method'], string>> = {
  'grad-cam': 'Grad-CAM',
  occlusion: 'Occlusion',
};

export async function explanationFiles(explained: Explained): Promise<ExportedFile[]> {
  const { explanation, model } = explained;
  const figures = new Map([['sample', drawExplanation(drawnOf(explained, null))]]);
  for (const map of explanation.maps) figures.set(map.method, drawExplanation(drawnOf(explained, map)));
  const nearest = drawNearest(explanation.nearest, explained.pictures);
  if (nearest !== null) figures.set('nearest', nearest);
  const files: ExportedFile[] = await figureFiles(figures);
  for (const map of explanation.maps)
    files.push({ path: `${map.method}.csv`, contents: mapCsv(map, explanation.panel, model) });
  if (explanation.nearest.length > 0)
    files.push({ path: 'nearest.csv', contents: nearestCsv(explanation.nearest) });
  files.push({ path: 'explanation.json', contents: `${JSON.stringify(told(explained), null, 2)}\n` });
  return files;
}

function drawnOf({ model, source, explanation }: Explained, map: ExplanationMap | null) {
  const { preparation } = model;
  const { samplingRate } = preparation;
  const name = source.split(/[\\/]/).pop()!;
  return {
    content: explanation.panel,
    map,
    title: map
      ? `${METHOD_TITLES[map.method]}: ${targetWords(model, explanation)}`
      : targetWords(model, explanation),
    notes: [...(map ? [meaningOf(map, model)] : []), name],
    channelNames: preparation.channelNames,
    seconds: samplingRate === null ? null : preparation.stored.shape[0]! / samplingRate,
  };
}

/** "pneumonia, 93.1 %", "12.5", "weight: 12.5". */
function targetWords({ head }: Model, { values, target }: Explanation): string {
  const number = (value: number) => String(Number(value.toPrecision(6)));
  if (head.kind === 'number') return number(values[0]!);
  const name = headNames(head)[target];
  if (head.kind === 'numbers') return `${name}: ${number(values[target]!)}`;
  return `${name}, ${(values[target]! * 100).toFixed(1)} %`;
}

function meaningOf({ method }: ExplanationMap, { head }: Model): string {
  const isNumber = !answersNames(head.kind);
  const what = isNumber ? 'a high number' : 'it';
  return method === 'grad-cam'
    ? `Orange speaks for ${what}, blue against, by the encoder’s last maps.`
    : `Covering orange parts ${isNumber ? 'lowers the number' : 'makes it less likely'}, blue ones the other way.`;
}

/** A line a cell, with where it lies. */
function mapCsv({ grid, values }: ExplanationMap, panel: Panel['content'], { preparation }: Model): string {
  const second = grid[1] ?? 1;
  const place = (at: number) => [Math.floor(at / second), at % second] as const;
  if (panel.kind === 'row')
    return table(
      ['column', 'value', 'contribution'],
      values.map((value, at) => [panel.cells[at]?.name, panel.cells[at]?.text, value]),
    );
  if (panel.kind === 'image')
    return table(
      ['row', 'column', 'of_rows', 'of_columns', 'contribution'],
      values.map((value, at) => [...place(at), grid[0], second, value]),
    );
  const { samplingRate, stored, channelNames } = preparation;
  const length = samplingRate === null ? 1 : stored.shape[0]! / samplingRate;
  const unit = samplingRate === null ? 'share' : 'seconds';
  const edge = (stretch: number) => Number(((stretch / grid[0]!) * length).toPrecision(9));
  return table(
    [`from_${unit}`, `to_${unit}`, ...(grid.length > 1 ? ['channel'] : []), 'contribution'],
    values.map((value, at) => {
      const [stretch, channel] = place(at);
      const named = channelNames?.[channel] ?? `channel ${channel + 1}`;
      return [edge(stretch), edge(stretch + 1), ...(grid.length > 1 ? [named] : []), value];
    }),
  );
}

const nearestCsv = (nearest: Explanation['nearest']): string =>
  table(
    ['rank', 'training_sample', 'label', 'likeness'],
    nearest.map(({ sample, label, likeness }, at) => [at + 1, sample, label, likeness]),
  );

const table = (
  head: readonly string[],
  rows: readonly (readonly (string | number | null | undefined)[])[],
): string => csvLine(head) + rows.map(csvLine).join('');

function told({ model, source, explanation }: Explained) {
  const { values, target, maps, nearest } = explanation;
  const { head } = model;
  return {
    model: { id: model.id, name: model.name, weights: model.members.map(({ sha256 }) => sha256) },
    program: model.program,
    source,
    answer: readAnswer(model, values),
    ...(head.kind === 'classes' && {
      explains: head.classNames[target],
      probabilities: Object.fromEntries(head.classNames.map((name, id) => [name, values[id]])),
    }),
    unit: {
      'grad-cam': 'share of the logit',
      occlusion: head.kind === 'classes' ? 'log probability that is lost' : 'number that is lost',
    },
    maps,
    nearest,
  };
}
