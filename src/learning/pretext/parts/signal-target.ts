/**
 * What tasks that restore signals ask for: the values, how strong the signal is around each point, or both.
 *
 * The values of muscle activity, vibration or sound look like noise: nothing around a gap tells them, and an encoder
 * that is asked for them learns little. Their strength is not noise. Networks for sound restore spectrograms for the
 * same reason (Huang et al. 2022, "Masked Autoencoders that Listen", https://arxiv.org/abs/2207.06405); the mean
 * absolute value over a short stretch is the oldest feature of muscle signals (Hudgins, Parker and Scott 1993).
 */
import type { z } from 'zod';
import type { Modality } from '../../../contract/recipe/recipe.ts';
import { averagePool1d, tf, type Tensor } from '../../../tensor/index.ts';
import { restoreChannels, type ChannelStatistics } from '../../channels.ts';
import { choiceField } from '../../../contract/fields.ts';

/** Added before the logarithm, in deviations of a channel: near silence is not told from silence. */
const SILENCE = 0.1;

export const signalTargetField = choiceField({
  title: 'What is to be told',
  help: 'The values of the signal, its strength around each point, or both. Values of movement or of the heart can be told from what is around them; those of muscles, vibration and sound look like noise, and only their strength can.',
  choices: ['both', 'values', 'strength'],
  default: 'both',
  modality: 'signal',
});

export interface SignalTargetChoice {
  signalTarget: z.output<typeof signalTargetField>;
}

/** What is asked for: of all but signals, their values. */
export function asksFor({ signalTarget }: SignalTargetChoice, modality: Modality) {
  const told = { signal: signalTarget }[modality as string] ?? 'values';
  return { values: told !== 'strength', strength: told !== 'values' };
}

/** How many channels a task must tell for so many of the samples. */
export function targetChannels(channels: number, choice: SignalTargetChoice, modality: Modality): number {
  const { values, strength } = asksFor(choice, modality);
  return channels * (Number(values) + Number(strength));
}

/**
 * Mean absolute value over a sixteenth of the window around each point.
 *
 * @param x float32 [N, L, C], normalised by channel
 * @returns float32 [N, L, C], in deviations of each channel
 */
export function strengthAround(x: Tensor): Tensor {
  return tf.tidy(() => averagePool1d(tf.abs(x), 2 * Math.floor(x.shape[1]! / 32) + 1, 1));
}

/**
 * The logarithm of the strength: loud and quiet stretches count alike.
 *
 * @param x float32 [N, L, C], normalised by channel
 */
export const logStrength = (x: Tensor): Tensor => tf.tidy(() => tf.log(tf.add(strengthAround(x), SILENCE)));

/**
 * What is to be told of samples.
 *
 * @param x float32 [N, …, C], normalised by channel
 * @returns float32 [N, …, C], or [N, L, 2C] where values and strength are both asked for
 */
export function restorationTarget(x: Tensor, choice: SignalTargetChoice, modality: Modality): Tensor {
  const { values, strength } = asksFor(choice, modality);
  if (!strength) return x;
  return values ? tf.concat([x, logStrength(x)], -1) : logStrength(x);
}

/**
 * Columns of a preview that show what is to be told, in stored units; strength is drawn as an outline over the signal.
 *
 * @param x float32 [N, …, C], normalised by channel
 * @param shown 1 where something is to be told, of a shape that can be multiplied with x
 */
export function targetColumns(
  x: Tensor,
  shown: Tensor,
  request: { options: SignalTargetChoice; modality: Modality; channelStatistics: ChannelStatistics },
) {
  const { options, modality, channelStatistics } = request;
  const { values, strength } = asksFor(options, modality);
  const column = (title: string, of: Tensor) => ({
    title,
    role: 'target' as const,
    values: restoreChannels(tf.mul(of, shown), channelStatistics),
  });
  return [
    ...(values ? [column('Target', x)] : []),
    ...(strength ? [column(values ? 'Strength' : 'Target: strength', strengthAround(x))] : []),
  ];
}
