/** What becomes of the datasets of a recipe that are put together, each before and after. Pure. */
import type { Dataset } from '../../contract/entities.ts';
import type { HarmoniseStep } from '../../contract/data/harmonise-step.ts';
import { PretextError } from '../../contract/errors.ts';
import type { Recipe } from '../../contract/recipe/recipe.ts';
import { sharesOf } from '../../contract/recipe/together.ts';
import {
  stepWords,
  type OnHead,
  type PlacedAs,
  type TogetherReport,
} from '../../contract/recipe/together-report.ts';
import { dataModality } from '../../data/catalogue.ts';
import { placeOnHead, planHarmonisation } from '../../data/index.ts';
import { checkSizes } from './together-needs.ts';
import { formAmong, formSources, togetherOf, type StudyForm } from './form.ts';

/** @param datasetOf throws where there is none of that name */
export function togetherReport({ data }: Recipe, datasetOf: (name: string) => Dataset): TogetherReport {
  const datasets = [...new Set([...data.pretrain, ...formSources(data)])].map(datasetOf);
  const found = tried(() => formAmong(data, datasetOf));
  const form = found instanceof PretextError ? null : found;
  const failure = found instanceof PretextError ? found.failure : null;
  const steps = datasets.map((dataset) => tried(() => (form ? stepsOf(form, dataset) : [])));
  const failed = steps.find((one) => one instanceof PretextError);
  const [lonely] = togetherOf(data) ? checkSizes(data, datasets) : [];
  const told = failure ?? (failed instanceof PretextError ? failed.failure : lonely);
  const shares = sharesOf(
    data.pretrain.map((name) =>
      data.includeHeldOut ? datasetOf(name).sampleCount : datasetOf(name).split.train,
    ),
    togetherOf(data) ?? undefined,
  );
  return {
    thing: thingOf(datasets[0]!),
    failure: told ? { message: told.message, remedy: 'remedy' in told ? (told.remedy ?? null) : null } : null,
    form: form && {
      shape: [...form.shape],
      samplingRate: form.about.samplingRate ?? null,
      names: partNames({ ...form.about, shape: form.shape, modality: datasets[0]!.modality }),
    },
    sources: datasets.map((dataset, at) => {
      const own = steps[at]!;
      return sourceOf(
        dataset,
        own instanceof PretextError ? [] : own,
        shares[data.pretrain.indexOf(dataset.name)],
      );
    }),
  };
}

function tried<Value>(make: () => Value): Value | PretextError {
  try {
    return make();
  } catch (error) {
    if (error instanceof PretextError) return error;
    throw error;
  }
}

const stepsOf = ({ steps, shape }: StudyForm, dataset: Dataset): HarmoniseStep[] =>
  steps ? (steps[dataset.name] ?? []) : planHarmonisation({ ...dataset, targetShape: shape });

const thingOf = ({ modality, columns }: Dataset): string | null =>
  columns ? 'column' : dataModality(modality).together ? 'channel' : null;

function sourceOf(dataset: Dataset, steps: readonly HarmoniseStep[], share: number | undefined): Source {
  const named = steps.find((step) => 'names' in step);
  const becomes = new Map<number, string>();
  if (named && 'take' in named) named.take.forEach((place, at) => becomes.set(place, named.names[at]!));
  if (named && 'weights' in named)
    named.weights.forEach((row, at) => {
      if (!named.interpolated.includes(named.names[at]!)) becomes.set(row.indexOf(1), named.names[at]!);
    });
  const thing = thingOf(dataset);
  // Made grey, or coloured: bands are not matched one by one.
  const blended = steps.some(({ step }) => ['to-grey', 'to-color', 'luminance'].includes(step));
  const parts =
    thing && !blended
      ? partNames(dataset).map((own, place) => ({ own, common: named ? (becomes.get(place) ?? null) : own }))
      : [];
  const missing = named && 'take' in named ? named.names.filter((_, at) => named.take[at] === -1) : [];
  const interpolated = named && 'interpolated' in named ? named.interpolated : [];
  return {
    name: dataset.name,
    shape: dataset.shape,
    samplingRate: dataset.samplingRate ?? null,
    parts,
    missing,
    interpolated,
    head: thing === 'channel' ? headOf(parts, missing, interpolated) : [],
    steps: steps.map(stepWords),
    share: share ?? null,
  };
}

type Source = TogetherReport['sources'][number];

function headOf(
  parts: Source['parts'],
  missing: readonly string[],
  interpolated: readonly string[],
): OnHead[] {
  const all: [string, PlacedAs][] = [
    ...parts.map(({ own, common }): [string, PlacedAs] => [common ?? own, common ? 'kept' : 'left-out']),
    ...missing.map((name): [string, PlacedAs] => [name, 'missing']),
    ...interpolated.map((name): [string, PlacedAs] => [name, 'interpolated']),
  ];
  return all.flatMap(([name, as]) => {
    const place = placeOnHead(name);
    return place ? [{ name, as, ...place }] : [];
  });
}

function partNames({
  modality,
  columns,
  channelNames,
  shape,
}: Pick<Dataset, 'modality' | 'columns' | 'channelNames' | 'shape'>): string[] {
  return (
    columns?.map(({ name }) => name) ??
    channelNames ??
    dataModality(modality).channelNames?.(shape.at(-1) ?? 1) ??
    Array.from({ length: shape.at(-1) ?? 1 }, (_, at) => String(at + 1))
  );
}
