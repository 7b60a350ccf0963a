/** The form that windows of several datasets are brought to: one rate, one length, one list of channels, no unit. */
import { isConstantChannel } from '../../../contract/data/recordings/channels.ts';
import type { StepOf } from '../../../contract/data/harmonise-step.ts';
import type { CommonForm, Source, TogetherRequest } from '../../together/request.ts';
import { commonChannels } from './common-channels.ts';
import { commonTime } from './common-time.ts';

/** @throws PretextError `together.…` where there is no way, with what would make one */
export function signalsTogether(request: TogetherRequest): CommonForm {
  const time = commonTime(request);
  const channels = commonChannels(request);
  const interpolates = request.wishes.match === 'interpolate';
  const steps = request.sources.map((source): [string, CommonForm['steps'][string]] => {
    const own = channels.steps[source.name]!;
    return [source.name, [...time.steps[source.name]!, scaleOf(source, interpolates), own]];
  });
  const mayMiss = Object.values(channels.steps).some(
    (step) => step.step === 'channels' && step.take.includes(-1),
  );
  return {
    shape: [time.length, channels.count],
    about: {
      ...(channels.names && { channelNames: channels.names }),
      ...(time.rate !== null && { samplingRate: time.rate }),
      ...(mayMiss && { mayMiss }),
    },
    steps: Object.fromEntries(steps),
  };
}

/**
 * Every channel to mean 0 and deviation 1 by the source's own training samples, so that units and amplifiers do not
 * tell sources apart. Where a field on the head is interpolated, one deviation for all channels keeps its shape.
 */
function scaleOf({ channelStatistics }: Source, asOne: boolean): StepOf<'scale'> {
  const { mean, standardDeviation } = channelStatistics;
  const varies = standardDeviation.map((value, channel) => !isConstantChannel(mean[channel]!, value));
  const squares = standardDeviation.filter((_, channel) => varies[channel]).map((value) => value ** 2);
  const overall =
    Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / Math.max(1, squares.length)) || 1;
  const deviation = standardDeviation.map((value, channel) =>
    asOne ? overall : varies[channel] ? value : 1,
  );
  return { step: 'scale', mean: [...mean], deviation };
}
