/** The heads of a kept model: one, or one for each of several datasets, of which one must be meant. */
import { PretextError } from '../errors.ts';
import type { Model, OtherHead } from './model.ts';

/** Names of the datasets that a model has heads for; the first is the one that is described beside the encoder. */
export const headsOf = ({ trainedOn, others = [] }: Pick<Model, 'trainedOn' | 'others'>): string[] => [
  trainedOn.dataset,
  ...others.map((other) => other.trainedOn.dataset),
];

/**
 * The model as if it had one head alone.
 *
 * @param name of the dataset that is meant; left out: the model's only head
 * @throws PretextError `model.which-head` where there are several and none is named, `model.no-head` for another name
 */
export function withHead(model: Model, name?: string): Model {
  const names = headsOf(model);
  if (name === undefined && names.length > 1)
    throw new PretextError({
      code: 'model.which-head',
      message: `“${model.name}” has ${names.length} heads, one for each dataset that it was fine-tuned on: ${names.join(', ')}.`,
      place: model.name,
      remedy: 'Say which one is meant: choose it in the window, or give --head NAME.',
    });
  const { others = [], ...first } = model;
  if (name === undefined || name === names[0]) return first;
  const other = others[names.indexOf(name) - 1];
  if (!other)
    throw new PretextError({
      code: 'model.no-head',
      message: `“${model.name}” has no head for “${name}”.`,
      place: name,
      remedy: names.length > 1 ? `It has: ${names.join(', ')}.` : `It has one, for ${names[0]}.`,
    });
  return { ...first, ...asOnly(first, other) };
}

function asOnly({ members }: Pick<Model, 'members'>, { scales, ...own }: OtherHead): Partial<Model> {
  const { kind } = own.head;
  return {
    ...own,
    members: members.map(({ scale: _scale, scales: _scales, ...member }, at) => ({
      ...member,
      scale: kind === 'number' ? scales[at]![0]! : null,
      ...(kind === 'numbers' && { scales: scales[at]! }),
    })),
  };
}
