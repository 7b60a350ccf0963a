/**
 * Kinds of data: their ids, their words, and how a person sees them. Adding one is adding its line here, and a file in
 * `learning/modalities` and in `data/modalities`; nothing else compares ids.
 */
import { z } from 'zod';

/** The id of a kind of data. */
export type Modality = string;

/** What a recipe says of the shape of its samples. */
export interface ShapeWishes {
  color: 'auto' | 'grey' | 'color';
  imageSize?: number | undefined;
}

export interface ModalityDescription {
  id: Modality;
  /** What one sample is called: “image”. */
  sample: string;
  /** What an import that finds none says it looked for: “images”. */
  sources: string;
  /** How copies are told: as pictures, which may be moved or of other sizes, by their course, or cell by cell. */
  likeness: 'picture' | 'course' | 'cells';
  /** What copies that are not exact may differ in. */
  nearCopies: string;
  /** How samples are drawn. */
  drawn: 'picture' | 'traces' | 'cells';
  /** Sides of a sample beside its channels: along them neighbours belong together, and parts can be cut out. */
  sides: number;
  /** Models that are no networks (linear ones, trees) can be fitted to its samples as they are. */
  references: boolean;
  /** A sample lasts for a time: it has so many values a second. */
  lasts: boolean;
  /** Samples may have an upright position, as photographs have: the person is asked. */
  canStandUpright: boolean;
  /** The ways in which its channels or columns can be put together, of those that recipes have; left out: none. */
  matches?: readonly string[];
  /** The shape that all datasets of a study are brought to, from that of the one that is fine-tuned. */
  commonShape(shape: readonly number[], wishes: ShapeWishes): number[];
  /** A shape in words: “28 × 28 px, grey”. */
  describeShape(shape: readonly number[]): string;
}

const image: ModalityDescription = {
  id: 'image',
  sample: 'image',
  sources: 'images',
  likeness: 'picture',
  nearCopies: 'pictures stored anew, brighter or darker, or moved by one pixel',
  drawn: 'picture',
  sides: 2,
  references: false,
  lasts: false,
  canStandUpright: true,
  matches: ['common', 'all', 'in-order', 'luminance'],
  commonShape([height = 0, width = 0, channels = 0], { color, imageSize }) {
    const depth = color === 'auto' ? channels : color === 'grey' ? 1 : 3;
    return [imageSize ?? height, imageSize ?? width, depth];
  },
  describeShape([height, width, channels]) {
    const colors = channels === 1 ? 'grey' : channels === 3 ? 'colour' : `${channels} channels`;
    return `${width} × ${height} px, ${colors}`;
  },
};

const signal: ModalityDescription = {
  id: 'signal',
  sample: 'window',
  sources: 'recordings',
  likeness: 'course',
  nearCopies: 'windows with another gain, offset or a little noise',
  drawn: 'traces',
  sides: 1,
  references: false,
  lasts: true,
  canStandUpright: false,
  matches: ['common', 'all', 'interpolate', 'in-order', 'any'],
  commonShape: (shape) => [...shape],
  describeShape: ([length, channels = 1]) =>
    `${length} samples × ${channels.toLocaleString('en')} ${channels === 1 ? 'channel' : 'channels'}`,
};

const table: ModalityDescription = {
  id: 'table',
  sample: 'row',
  sources: 'tables',
  likeness: 'cells',
  nearCopies: 'rows whose numbers differ by their last digits alone',
  drawn: 'cells',
  sides: 0,
  references: true,
  lasts: false,
  canStandUpright: false,
  matches: ['common', 'all'],
  commonShape: (shape) => [...shape],
  describeShape: ([columns = 0]) => `${columns.toLocaleString('en')} ${columns === 1 ? 'column' : 'columns'}`,
};

/** In the order in which they are offered. Tests add kinds of their own. */
export const modalities: ModalityDescription[] = [image, signal, table];

export const modalitySchema = z.string().refine((id) => modalities.some((one) => one.id === id), {
  error: ({ input }) =>
    `must be a kind of data: ${modalities.map(({ id }) => id).join(', ')}. Found: ${JSON.stringify(input)}.`,
});

/** An unknown kind is a bug: ids are checked where they enter. */
export function describeModality(id: Modality): ModalityDescription {
  const found = modalities.find((one) => one.id === id);
  if (!found) throw new Error(`there is no kind of data “${id}”`);
  return found;
}

/** One entry of those that every kind has, such as its views; an unknown kind is a bug. */
export function ofModality<Entry extends { id: Modality }>(entries: readonly Entry[], id: Modality): Entry {
  const found = entries.find((entry) => entry.id === id);
  if (!found) throw new Error(`nothing is said for data of kind “${id}”`);
  return found;
}

/**
 * What serves every kind of data unless it names some; kinds that are added later are served too.
 *
 * @param leastSides serves no kind whose samples have fewer sides
 */
export function servingAllUnlessTold<Thing extends { modalities?: readonly Modality[] }>(
  thing: Thing,
  leastSides = 0,
): Thing & { modalities: readonly Modality[] } {
  const told = thing.modalities;
  return Object.defineProperty({ ...thing } as Thing & { modalities: readonly Modality[] }, 'modalities', {
    enumerable: true,
    get: () => told ?? modalities.filter(({ sides }) => sides >= leastSides).map(({ id }) => id),
  });
}

/**
 * What a task says for a kind of data, by its id. A task that says something for some kinds only serves these.
 */
export function forModality<Said>(table: Readonly<Record<string, Said>>, modality: Modality): Said {
  const said = table[modality];
  if (said === undefined) throw new Error(`nothing is said for data of kind “${modality}”`);
  return said;
}

/** The kinds of data that a task says something for. */
export const modalitiesOf = (table: Readonly<Record<string, unknown>>): Modality[] => Object.keys(table);
