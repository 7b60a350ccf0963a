/** Options that encoders of table rows have in common. */
import { choiceField, integerField, numberField } from '../../contract/fields.ts';
import { NUMBER_CODES, type NumberCode } from '../layers/row-input.ts';

export const numberCodeField = (usual: NumberCode) =>
  choiceField({
    title: 'Numbers',
    help: 'How numbers are told: by their rank (quantile), in deviations (scaled), by the logarithm where a column has a long tail and in deviations else (logarithm), or by several numbers each: piecewise-linear over quantiles, or waves of learned frequencies (periodic).',
    choices: NUMBER_CODES,
    default: usual,
  });

export const binsField = integerField({
  title: 'Bins',
  help: 'Bins of quantiles that a column’s numbers are told by.',
  minimum: 2,
  maximum: 256,
  default: 16,
  advanced: true,
});

export const frequenciesField = integerField({
  title: 'Frequencies',
  help: 'Waves of each column, for periodic numbers.',
  minimum: 1,
  maximum: 128,
  default: 16,
  advanced: true,
});

export const frequencyDeviationField = numberField({
  title: 'Spread of frequencies',
  help: 'Standard deviation of the first frequencies, for periodic numbers; higher tells finer differences.',
  minimum: 0.001,
  maximum: 100,
  default: 0.1,
  advanced: true,
});

export const embeddingField = integerField({
  title: 'Embedding',
  help: 'Numbers that stand for a category, or for a number that is told by several.',
  minimum: 1,
  maximum: 256,
  default: 8,
});

export const dropoutField = numberField({
  title: 'Dropout',
  help: 'Share of hidden values that are set to 0 in training.',
  minimum: 0,
  maximum: 0.9,
  default: 0.1,
});
