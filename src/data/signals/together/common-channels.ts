/** Which channels windows of several datasets have in common, and how each dataset comes to them. */
import type { StepOf } from '../../../contract/data/harmonise-step.ts';
import { channelKey, electrodeOf } from '../../../contract/data/recordings/electrodes.ts';
import { namedOf, placesOf, takenOf, type Named, type Naming } from '../../together/named-alike.ts';
import { byName, cannotMeet, someOf, type Source, type TogetherRequest } from '../../together/request.ts';
import { positionOf } from './electrode-positions.ts';
import { interpolationWeights } from './spherical-splines.ts';

type ChannelStep = StepOf<'channels'> | StepOf<'interpolate'>;

export interface CommonChannels {
  /** Null where they are places without a name. */
  names: string[] | null;
  count: number;
  steps: Record<string, ChannelStep>;
}

const NAMING: Naming = {
  keyOf: channelKey,
  written: (name) => electrodeOf(name) ?? name.trim(),
  thing: 'channel',
};
/** Fewer say nothing of the shape of a field on the head. */
const FEWEST_ELECTRODES = 4;

/** @throws PretextError `together.…` where there is no way */
export function commonChannels(request: TogetherRequest): CommonChannels {
  const { sources, like, wishes } = request;
  switch (wishes.match) {
    case 'any':
      return places(sources, Math.max(...sources.map(countOf)));
    case 'in-order':
      return inOrder(sources, like);
    default:
  }
  const ordered = [like, ...sources.filter((source) => source !== like)];
  const lists = ordered.map((source) =>
    namedOf(source.name, namesOf(source, request), wishes.names[source.name], NAMING),
  );
  if (wishes.match === 'interpolate') return interpolated(ordered, lists);
  const alike = new Set(ordered.map(countOf)).size === 1;
  const wanted = takenOf(ordered, lists, wishes.match, {
    code: 'no-common-channel',
    found: 'The datasets have no channel in common',
    remedy: `Say which are the same by hand (\`data.together.names\`), ${alike ? 'set `match` to `in-order` if they are the same in this order, ' : ''}or to \`all\`, which masks what a dataset lacks.`,
  });
  const names = wanted.map(({ name }) => name);
  return {
    names,
    count: wanted.length,
    steps: byName(ordered, (_, at) => ({ step: 'channels', names, take: placesOf(wanted, lists[at]!) })),
  };
}

const countOf = ({ shape }: Source): number => shape.at(-1) ?? 1;

/** Channels without names are numbered from 1, and only a person can say what they are. */
function namesOf(source: Source, { wishes }: TogetherRequest): string[] {
  if (source.channelNames) return source.channelNames;
  const numbers = Array.from({ length: countOf(source) }, (_, at) => String(at + 1));
  const byHand = wishes.names[source.name] ?? {};
  if (numbers.every((number) => byHand[number] !== undefined)) return numbers;
  throw cannotMeet(
    'no-names',
    `Nothing says what the channels of “${source.name}” are called, so they cannot be matched by name.`,
    source.name,
    'Name all of them by their numbers in `data.together.names`, set `match` to `in-order` where the datasets have the same channels in the same order, or to `any` with an encoder that reads each channel by itself.',
  );
}

function places(sources: readonly Source[], count: number): CommonChannels {
  const names = Array.from({ length: count }, (_, at) => String(at + 1));
  const take = (source: Source) => names.map((_, at) => (at < countOf(source) ? at : -1));
  return {
    names: null,
    count,
    steps: byName(sources, (source) => ({ step: 'channels', names, take: take(source) })),
  };
}

function inOrder(sources: readonly Source[], like: Source): CommonChannels {
  const other = sources.find((source) => countOf(source) !== countOf(like));
  if (other)
    throw cannotMeet(
      'other-counts',
      `“${other.name}” has ${countOf(other)} channels and “${like.name}” ${countOf(like)}, so they are not the same ones in order.`,
      other.name,
      'Set `data.together.match` to `common` or `all`, which go by names.',
    );
  const { steps, count } = places(sources, countOf(like));
  const names = like.channelNames ?? null;
  if (!names) return { names, count, steps };
  return { names, count, steps: byName(sources, ({ name }) => ({ ...steps[name]!, names })) };
}

/** The electrodes of the first source; where another lacks one, its neighbours on the head say what it would measure. */
function interpolated(sources: readonly Source[], lists: readonly Named[][]): CommonChannels {
  const wanted = lists[0]!.filter(({ name }) => positionOf(name));
  if (wanted.length === 0)
    throw cannotMeet(
      'no-positions',
      `None of the channels of “${sources[0]!.name}” (${someOf(lists[0]!.map(({ name }) => name))}) is an electrode of the 10–10 system, so nothing says where they lie on the head.`,
      sources[0]!.name,
      'Give them such names in `data.together.names`, or set `match` to `common` or `all`.',
    );
  const names = wanted.map(({ name }) => name);
  return {
    names,
    count: wanted.length,
    steps: byName(sources, (source, at) => {
      const own = lists[at]!;
      const take = placesOf(wanted, own);
      if (!take.includes(-1)) return { step: 'channels', names, take };
      return {
        step: 'interpolate',
        names,
        interpolated: names.filter((_, place) => take[place] === -1),
        weights: weightsOf(source, own, wanted, take),
      };
    }),
  };
}

function weightsOf(source: Source, own: readonly Named[], wanted: readonly Named[], take: readonly number[]) {
  const measured = own.filter(({ name }) => positionOf(name));
  if (measured.length < FEWEST_ELECTRODES)
    throw cannotMeet(
      'too-few-electrodes',
      `“${source.name}” has ${measured.length} electrodes whose place on the head is known (of the 10–10 system); at least ${FEWEST_ELECTRODES} are needed to interpolate others.`,
      source.name,
      'Give its channels such names in `data.together.names`, or set `match` to `common` or `all`.',
    );
  const missing = wanted.filter((_, place) => take[place] === -1);
  const rows = interpolationWeights(
    measured.map(({ name }) => positionOf(name)!),
    missing.map(({ name }) => positionOf(name)!),
  );
  return wanted.map((one, place) => {
    const row = new Array<number>(countOf(source)).fill(0);
    if (take[place] !== -1) row[take[place]!] = 1;
    else rows[missing.indexOf(one)]!.forEach((weight, at) => (row[measured[at]!.place] = weight));
    return row;
  });
}
