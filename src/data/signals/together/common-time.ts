/** One rate and one length for windows of several datasets: in seconds, never sample by sample. */
import type { HarmoniseStep } from '../../../contract/data/harmonise-step.ts';
import { cannotMeet, type Source, type TogetherRequest } from '../../together/request.ts';

/** Clocks of recorders differ by less, and rates are often rounded. */
const SAME_RATE = 0.005;
/** Rounding of seconds. */
const HAIR = 1e-6;

export interface CommonTime {
  /** Null where no rate is known and none is needed. */
  rate: number | null;
  length: number;
  steps: Record<string, HarmoniseStep[]>;
}

/** @throws PretextError `together.no-rate`, `together.too-short` */
export function commonTime({ sources, like, wishes }: TogetherRequest): CommonTime {
  if (wishes.rate === undefined && wishes.seconds === undefined && areAsTheyAre(sources))
    return {
      rate: null,
      length: like.shape[0]!,
      steps: Object.fromEntries(sources.map(({ name }) => [name, []])),
    };
  const rates = sources.map((source) => rateOf(source));
  const rate = wishes.rate ?? rateOf(like);
  // Rates that are all but the same are taken to be.
  const effective = rates.map((own) => (Math.abs(own / rate - 1) <= SAME_RATE ? rate : own));
  const lasting = sources.map(({ shape }, at) => shape[0]! / effective[at]!);
  const shortest = Math.min(...lasting);
  if (wishes.seconds !== undefined && wishes.seconds > shortest + HAIR) {
    const source = sources[lasting.indexOf(shortest)]!;
    throw cannotMeet(
      'too-short',
      `Windows of “${source.name}” last ${text(shortest)} s, and \`data.together.seconds\` asks for ${text(wishes.seconds)} s.`,
      'data.together.seconds',
      `Ask for ${text(shortest)} s or less, or import “${source.name}” again with longer windows.`,
    );
  }
  const length = Math.floor((wishes.seconds ?? shortest) * rate + HAIR);
  if (length < 2)
    throw cannotMeet(
      'too-short',
      `Windows of ${text(wishes.seconds ?? shortest)} s at ${text(rate)} Hz hold ${length === 1 ? 'one sample' : 'no sample'}.`,
      'data.together',
      'Ask for a higher rate, or import the datasets with longer windows.',
    );
  const steps = sources.map(({ name, shape }, at): [string, HarmoniseStep[]] => {
    const [own, fromRate] = [shape[0]!, effective[at]!];
    const rows = Math.min(own, Math.ceil((length * fromRate) / rate - HAIR));
    return [
      name,
      [
        ...(rows < own ? [{ step: 'cut' as const, first: Math.floor((own - rows) / 2), rows }] : []),
        ...(fromRate === rate ? [] : [{ step: 'rate' as const, fromRate, toRate: rate, rows: length }]),
      ],
    ];
  });
  return { rate, length, steps: Object.fromEntries(steps) };
}

const areAsTheyAre = (sources: readonly Source[]): boolean =>
  sources.every(({ samplingRate, shape }) => samplingRate === undefined && shape[0] === sources[0]!.shape[0]);

function rateOf({ name, samplingRate }: Source): number {
  if (samplingRate !== undefined) return samplingRate;
  throw cannotMeet(
    'no-rate',
    `Nothing says how many samples a second “${name}” holds, so its windows cannot be brought to the rate of the others.`,
    name,
    'Import it again with its rate (`signals.samplingRate`), or with a column of times.',
  );
}

const text = (value: number): string => String(Number(value.toPrecision(4)));
