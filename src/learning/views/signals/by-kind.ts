/**
 * Views that suit a kind of signals better than the usual ones: only where that was measured on validation data
 * (`npm run bench -- defaults`; figures in docs/bench.md), all others keep the usual.
 */
import { KIND_WORDS, SIGNAL_KINDS, type SignalKind } from '../../../contract/data/recordings/signal-kinds.ts';
import type { SignalViewOptions } from '../signal.ts';

interface ByKind {
  /** What differs from the usual. */
  views: Partial<SignalViewOptions>;
  /** What the choice was measured on; null where nothing was. */
  measuredOn: string | null;
  /** What that is, in words; left out: the usual ones were the best, or none was clearly better. */
  differs?: string;
  /** Views that change less than the usual. */
  careful?: true;
}

const BY_KIND: Record<SignalKind, ByKind> = {
  eeg: {
    views: { cropProbability: 0 },
    measuredOn: 'made-up rhythms of 20 people, told apart by frequency as bands of an EEG are',
    differs: 'nothing is stretched',
    careful: true,
  },
  emg: {
    views: { cropProbability: 0.8 },
    measuredOn: 'gestures of 5 and of 18 people',
    differs: 'four of five are stretched',
  },
  movement: { views: {}, measuredOn: 'activities of 30 people and exercises of 10' },
  ecg: { views: {}, measuredOn: null },
  vibration: { views: {}, measuredOn: null },
  unknown: { views: {}, measuredOn: null },
};

/** Whether a change is made at least as seldom, and as gently, by the one value as by the other. */
const isCareful = (name: string, value: unknown, other: unknown): boolean =>
  typeof value === 'number' &&
  typeof other === 'number' &&
  (name === 'cropMinimum' ? value >= other : value <= other);

/**
 * What differs from `own`. Of several kinds each change is made as seldom as in the one that makes it most seldom, and
 * no stronger than there.
 *
 * @param own what the task takes where nobody says anything: where that is not the usual, what was measured of the
 *   usual says nothing of it, and only what is more careful is taken
 */
export function viewsOfKinds(
  kinds: readonly SignalKind[],
  usual: Readonly<SignalViewOptions>,
  own: Readonly<SignalViewOptions> = usual,
): Partial<SignalViewOptions> {
  const each = kinds.map((kind) => BY_KIND[kind].views);
  const names = [...new Set(each.flatMap((views) => Object.keys(views)))] as (keyof SignalViewOptions)[];
  const proposed = names.flatMap((name): [keyof SignalViewOptions, unknown][] => {
    const values = each.map((views) => views[name] ?? usual[name]);
    if (!values.every((value) => typeof value === 'number'))
      return new Set(values).size === 1 ? [[name, values[0]]] : [];
    // A longest gap or a strongest noise is careful when small, a shortest cut when large.
    return [[name, name === 'cropMinimum' ? Math.max(...values) : Math.min(...values)]];
  });
  const isUsual = sameViews(own, usual);
  return Object.fromEntries(
    proposed.filter(([name, value]) => value !== own[name] && (isUsual || isCareful(name, value, own[name]))),
  );
}

const sameViews = (one: Readonly<SignalViewOptions>, other: Readonly<SignalViewOptions>): boolean =>
  (Object.keys(other) as (keyof SignalViewOptions)[]).every((name) => one[name] === other[name]);

/**
 * What the proposed views go by, in a sentence or two.
 *
 * @param own as of `viewsOfKinds`
 */
export function viewWords(
  kinds: readonly SignalKind[],
  usual: Readonly<SignalViewOptions>,
  own: Readonly<SignalViewOptions> = usual,
): string {
  if (sameViews(own, usual)) return wordsOfUsual(kinds);
  const changed = Object.keys(viewsOfKinds(kinds, usual, own)).length > 0;
  return `This task changes less by itself than others.${changed ? ` ${wordsOfUsual(kinds)}` : ''}`;
}

function wordsOfUsual(kinds: readonly SignalKind[]): string {
  const titles = (of: readonly SignalKind[]) => of.map((kind) => `“${KIND_WORDS[kind].title}”`).join(' and ');
  const [only] = kinds;
  if (kinds.length > 1) {
    const careful = kinds.filter((kind) => BY_KIND[kind].careful);
    const because = careful.map((kind) => `${BY_KIND[kind].differs}, as for ${titles([kind])}`).join('; ');
    return `Datasets of ${titles(SIGNAL_KINDS.filter((kind) => kinds.includes(kind)))}: views are as careful as the most careful of them${because ? ` (${because})` : ', which are the general ones'}.`;
  }
  if (only === undefined || only === 'unknown')
    return 'What the signals are of is not known: views are the general ones.';
  const { measuredOn, differs } = BY_KIND[only];
  if (measuredOn === null)
    return `No views were measured for ${titles([only])}: they are the general ones. Where a frequency tells the classes, set “Stretched” to 0.`;
  return differs
    ? `Views chosen for ${titles([only])}: ${differs}. Measured on validation data of ${measuredOn}.`
    : `Views for ${titles([only])} are the general ones: measured on validation data of ${measuredOn}.`;
}
