/** What is asked and known where datasets that are unlike are put together. */
import type { Dataset } from '../../contract/entities.ts';
import type { HarmoniseStep } from '../../contract/data/harmonise-step.ts';
import type { SampleDescription } from '../../contract/data/sample-description.ts';
import type { Together } from '../../contract/recipe/together.ts';
import { PretextError } from '../../contract/errors.ts';

export type Source = Pick<
  Dataset,
  'name' | 'modality' | 'shape' | 'dtype' | 'channelNames' | 'samplingRate' | 'columns' | 'channelStatistics'
>;

export interface TogetherRequest {
  /** At least one; in the order in which channels and columns are taken after those of `like`. */
  sources: readonly Source[];
  /** One of the sources. */
  like: Source;
  wishes: Together;
  /** What `like` would be with the sides and the colour that the recipe asks for. */
  shape: readonly number[];
}

/** The form that all share, and by dataset how its samples come to it. */
export interface CommonForm {
  shape: number[];
  about: SampleDescription;
  steps: Record<string, HarmoniseStep[]>;
}

/** Something for each source, under its name. */
export const byName = <Value>(
  sources: readonly Source[],
  of: (source: Source, at: number) => Value,
): Record<string, Value> => Object.fromEntries(sources.map((source, at) => [source.name, of(source, at)]));

/** A problem of putting together, which a recipe's check tells before anything is trained. */
export const cannotMeet = (code: string, message: string, place: string, remedy: string): PretextError =>
  new PretextError({ code: `together.${code}`, message, place, remedy });

/** The first few of many names. */
export const someOf = (names: readonly string[], most = 8): string =>
  names.length > most ? `${names.slice(0, most).join(', ')}, … (${names.length})` : names.join(', ');
