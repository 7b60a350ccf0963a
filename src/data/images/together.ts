/** Images whose bands differ as one: bands by name, masked, in order, or weighed to one brightness. */
import type { HarmoniseStep, StepOf } from '../../contract/data/harmonise-step.ts';
import { namedOf, placesOf, takenOf, type Naming } from '../together/named-alike.ts';
import {
  byName,
  cannotMeet,
  type CommonForm,
  type Source,
  type TogetherRequest,
} from '../together/request.ts';
import { LUMA } from './formats/reshape.ts';

const COLORS = ['red', 'green', 'blue'];
const NAMING: Naming = {
  keyOf: (name) => name.trim().toLowerCase(),
  written: (name) => name.trim(),
  thing: 'channel',
};

/** Grey, red, green and blue; other bands have numbers. */
export function bandNames(count: number): string[] {
  if (count === 1) return ['grey'];
  return count === 3 ? COLORS : Array.from({ length: count }, (_, at) => String(at + 1));
}

const countOf = ({ shape }: Source): number => shape.at(-1) ?? 1;

/**
 * Null where all are grey or coloured, or have as many bands, and nothing else is asked for: these come to each other by
 * their shapes.
 *
 * @throws PretextError `together.…` where there is no way, with what would make one
 */
export function imagesTogether(request: TogetherRequest): CommonForm | null {
  const { sources, like, wishes, shape } = request;
  const plain = sources.every((source) => [1, 3].includes(countOf(source)));
  // Bands that nobody has named are the same ones where all have as many.
  const alike = sources.every((source) => countOf(source) === countOf(like) && !source.channelNames);
  const unnamed = Object.keys(wishes.names).length === 0;
  if (wishes.match === 'common' && (plain || alike) && unnamed) return null;
  const [height = 0, width = 0, wished] = shape;
  if (wished !== countOf(like))
    throw cannotMeet(
      'color',
      '`data.color` brings images that are grey or coloured to each other, and here bands are put together in another way.',
      'data.color',
      'Leave it out, or set `data.together.match` to `luminance` for grey images.',
    );
  const found = bandsOf(request);
  const mayMiss = Object.values(found.steps).some(
    (step) => step.step === 'channels' && step.take.includes(-1),
  );
  return {
    shape: [height, width, found.names.length],
    about: { channelNames: found.names, ...(mayMiss && { mayMiss }) },
    steps: Object.fromEntries(
      sources.map((source): [string, HarmoniseStep[]] => {
        const [from = 0, across = 0] = source.shape;
        const resized = from !== height || across !== width;
        return [
          source.name,
          [
            found.steps[source.name]!,
            ...(resized
              ? [
                  {
                    step: 'resize' as const,
                    from: [from, across] as [number, number],
                    to: [height, width] as [number, number],
                  },
                ]
              : []),
          ],
        ];
      }),
    ),
  };
}

interface Bands {
  names: string[];
  steps: Record<string, StepOf<'channels'> | StepOf<'luminance'>>;
}

function bandsOf({ sources, like, wishes }: TogetherRequest): Bands {
  const ordered = [like, ...sources.filter((source) => source !== like)];
  if (wishes.match === 'luminance')
    return {
      names: ['luminance'],
      steps: byName(ordered, (source) => ({
        step: 'luminance',
        weights: weightsOf(source, wishes.names[source.name]),
      })),
    };
  if (wishes.match === 'in-order') {
    const names = bandNames(countOf(like));
    const other = ordered.find((source) => countOf(source) !== countOf(like));
    if (other)
      throw cannotMeet(
        'other-counts',
        `“${other.name}” has ${countOf(other)} bands and “${like.name}” ${countOf(like)}, so they are not the same ones in order.`,
        other.name,
        'Set `data.together.match` to `common` or `all`, which go by names, or to `luminance`.',
      );
    return {
      names,
      steps: byName(ordered, () => ({ step: 'channels', names, take: names.map((_, at) => at) })),
    };
  }
  const lists = ordered.map((source) =>
    namedOf(source.name, namesOf(source, wishes.names[source.name]), wishes.names[source.name], NAMING),
  );
  const wanted = takenOf(ordered, lists, wishes.match, {
    code: 'no-common-channel',
    found: 'The datasets have no band in common',
    remedy:
      'Say which are the same by hand (`data.together.names`), or set `match` to `all`, which masks what a dataset lacks, or to `luminance`, which makes one brightness of each.',
  });
  const names = wanted.map(({ name }) => name);
  return {
    names,
    steps: byName(ordered, (_, at) => ({ step: 'channels', names, take: placesOf(wanted, lists[at]!) })),
  };
}

/** Bands that nobody has named have numbers, and only a person can say what they are. */
function namesOf(source: Source, byHand: Record<string, string> = {}): string[] {
  const names = source.channelNames ?? bandNames(countOf(source));
  const numbered = !source.channelNames && ![1, 3].includes(names.length);
  if (!numbered || names.every((name) => byHand[name] !== undefined)) return names;
  throw cannotMeet(
    'no-names',
    `Nothing says what the ${names.length} bands of “${source.name}” are, so they cannot be matched by name.`,
    `data.together.names.${source.name}`,
    'Name all of them by their numbers there (grey, red, green and blue are understood as such), set `match` to `in-order` where the datasets have the same bands in the same order, or to `luminance`.',
  );
}

/** Red, green and blue as they make grey (ITU-R 601), where there are no others; else all bands alike. */
function weightsOf(source: Source, byHand: Record<string, string> = {}): number[] {
  const own = source.channelNames ?? bandNames(countOf(source));
  const keys = own.map((name) => NAMING.keyOf(byHand[name] ?? name));
  const colored = keys.length === COLORS.length && COLORS.every((color) => keys.includes(color));
  return keys.map((key) => (colored ? LUMA[COLORS.indexOf(key)]! : 1 / keys.length));
}

/**
 * The bands of one picture as the step says; those that are missing are 0 throughout.
 *
 * @param pixels row-major [pixels, bands], which stay as they are
 */
export function takeBands<Values extends Uint8Array | Uint16Array>(
  pixels: Values,
  bands: number,
  step: StepOf<'channels'> | StepOf<'luminance'>,
): Values {
  const count = pixels.length / bands;
  const width = step.step === 'luminance' ? 1 : step.take.length;
  const taken = new (pixels.constructor as new (length: number) => Values)(count * width);
  for (let pixel = 0; pixel < count; pixel += 1) {
    const first = pixel * bands;
    if (step.step === 'luminance')
      taken[pixel] = Math.round(
        step.weights.reduce((sum, weight, band) => sum + weight * pixels[first + band]!, 0),
      );
    else
      step.take.forEach((place, at) => {
        if (place >= 0) taken[pixel * width + at] = pixels[first + place]!;
      });
  }
  return taken;
}
