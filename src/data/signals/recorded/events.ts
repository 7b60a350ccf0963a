/** What happened in a recording, as its labels are taken from it, and how windows are cut by that. */
import type { ImportOptions } from '../../../contract/recipe/recipe.ts';
import type { RecordedEvent, Recording } from '../../recordings/recording.ts';
import { markerEvents } from './marker.ts';
import type { RecordedOptions } from './options.ts';
import type { RecordedPlan } from './plan.ts';
import type { CutPlan } from './spans.ts';

/** @throws FileProblem `no-marker` */
export function eventsOf(
  recording: Recording,
  { labelSource }: RecordedPlan,
  { marker }: RecordedOptions,
  { signals: { samplingRate } }: ImportOptions,
): Promise<readonly RecordedEvent[]> {
  if (labelSource === 'marker') return markerEvents(recording, marker, samplingRate);
  return Promise.resolve(recording.events);
}

/** @param length rows of a window */
export function cutPlanOf(
  { cut, stride, rate }: RecordedPlan,
  { eventFrom, otherParts }: RecordedOptions,
  { signals: { classNames } }: ImportOptions,
  length: number,
): CutPlan {
  return {
    cut,
    length,
    stride,
    rate: rate ?? 1,
    from: eventFrom,
    // With names for classes, only what they name is one.
    classOf: (name) => (classNames ? (classNames[name] ?? null) : name),
    keepOthers: otherParts === 'unlabeled',
  };
}
