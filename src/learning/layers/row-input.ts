/**
 * Where rows of a table enter an encoder: numbers by one of several codes, categories by embeddings, and what is unknown
 * as a value of its own.
 */
import type { StoredColumn } from '../../contract/data/columns.ts';
import { ownRowParts, tf, type Tensor } from '../../tensor/index.ts';
import { byLogarithm, MOST_DEVIATIONS } from './long-tails.ts';
import { variable, type Layer, type Pass, type VariableSpec } from './layer.ts';
import { byQuantile, periodicEmbedding, piecewiseEmbedding } from './number-embeddings.ts';
import { knownValues, partColumns, takeColumns, wholeCodes } from './row-columns.ts';

/** How numbers are told to an encoder. */
export const NUMBER_CODES = ['quantile', 'scaled', 'logarithm', 'piecewise-linear', 'periodic'] as const;
export type NumberCode = (typeof NUMBER_CODES)[number];

export interface RowInputOptions {
  name: string;
  columns: readonly StoredColumn[];
  code: NumberCode;
  /** Bins of quantiles: what `quantile` interpolates between, and `piecewise-linear` has for each column. */
  bins: number;
  /** Of `periodic`. */
  frequencies: number;
  frequencyDeviation: number;
}

/** One number a column: [N, F], normalised, none unknown, to [N, F]. */
function plainNumbers({ code, bins }: RowInputOptions, columns: ReturnType<typeof partColumns>['numbers']) {
  return (values: Tensor): Tensor => {
    if (code === 'scaled') return tf.clipByValue(values, -MOST_DEVIATIONS, MOST_DEVIATIONS);
    return code === 'logarithm'
      ? byLogarithm(values, columns.columns)
      : byQuantile(values, columns.columns, bins);
  };
}

const isPlain = (code: NumberCode) => code === 'quantile' || code === 'scaled' || code === 'logarithm';

/** Several numbers a column. */
function embeddedNumbers(options: RowInputOptions, columns: RowNumbers, width: number) {
  const { name, code, bins, frequencies, frequencyDeviation: deviation } = options;
  const common = { name: `${name}/numbers`, columns: columns.columns, width };
  return code === 'periodic'
    ? periodicEmbedding({ ...common, frequencies, deviation })
    : piecewiseEmbedding({ ...common, bins });
}
type RowNumbers = ReturnType<typeof partColumns>['numbers'];

/** One vector for each category of each column, and one for unknown: int32 [N, C] codes to [N, C, width]. */
function categoryEmbedding(name: string, sizes: readonly number[], width: number) {
  const starts: number[] = [];
  let rows = 0;
  for (const size of sizes) {
    starts.push(rows);
    rows += size + 1;
  }
  const table: VariableSpec = {
    name: `${name}/categories/table`,
    shape: [rows, width],
    initial: { kind: 'normal', deviation: 1 / Math.sqrt(width) },
  };
  return {
    parameters: [table],
    /** Rows of the table that each column has. */
    sizes: sizes.map((size) => size + 1),
    vectors: (pass: Pass): Tensor => variable(pass.parameters, table.name),
    apply(codes: Tensor, pass: Pass): Tensor {
      const places = tf.add(codes, tf.tensor1d(starts, 'int32'));
      const picked = tf.gather(variable(pass.parameters, table.name), tf.reshape(places, [-1]) as never);
      return tf.reshape(picked, [...places.shape, width]);
    },
  };
}

/** An input layer, and how wide what it gives is. */
export interface RowInput extends Layer {
  width: number;
}

/** What rows tell: codes of all numbers and what is unknown of them, [N, …] each, and which categories they have. */
export interface ToldRows {
  numbers: Tensor[];
  /** Codes int32 [N, C]; the vectors of all categories, of so many for each column, with the one for unknown. */
  categories: { codes: Tensor; vectors: Tensor; sizes: number[] } | null;
}

/** An input layer that can also tell numbers and categories apart. */
export interface RowVector extends RowInput {
  tell(rows: Tensor, pass: Pass): ToldRows;
  /** What `apply` gives of it. */
  join(told: ToldRows, pass: Pass): Tensor;
}

/**
 * Rows [N, D] as one vector each: codes of all numbers, 1 for each number that is unknown, embeddings of all categories.
 *
 * @param width of the embedding of a column
 */
export function rowVector(options: RowInputOptions & { embedding: number }): RowVector {
  const { name, columns, code, embedding } = options;
  const { numbers, categories } = partColumns(columns);
  const sizes = categories.columns.map((column) => column.categories.length);
  const table = sizes.length > 0 ? categoryEmbedding(name, sizes, embedding) : null;
  const embedded =
    numbers.at.length > 0 && !isPlain(code) ? embeddedNumbers(options, numbers, embedding) : null;
  const unknown: VariableSpec = {
    name: `${name}/numbers/unknown`,
    shape: [numbers.at.length, embedding],
    initial: { kind: 'normal', deviation: 1 / Math.sqrt(embedding) },
  };
  const plain = plainNumbers(options, numbers);
  const perNumber = 1 + (embedded ? embedding : 1);
  const flat = (parts: Tensor) => tf.reshape(parts, [parts.shape[0]!, -1]);
  const limit = code === 'scaled' ? MOST_DEVIATIONS : 0;
  const places = { numbers: numbers.at, categories: categories.at, sizes, limit };

  function toldNumbers(rows: Tensor, own: Tensor | undefined, pass: Pass): Tensor[] {
    if (numbers.at.length === 0) return [];
    if (own && code === 'scaled') return [own];
    const { values, known, missing } = own ? halves(own) : knownValues(takeColumns(rows, numbers.at));
    if (!embedded) return [tf.mul(plain(values), known), missing];
    const vectors = embedded.apply(values, pass);
    return [flat(withUnknown(vectors, known, variable(pass.parameters, unknown.name))), missing];
  }

  function tell(rows: Tensor, pass: Pass): ToldRows {
    const own = ownRowParts(rows, places);
    const told = toldNumbers(rows, own?.told, pass);
    if (!table) return { numbers: told, categories: null };
    const codes = own?.codes ?? wholeCodes(takeColumns(rows, categories.at), sizes);
    return { numbers: told, categories: { codes, vectors: table.vectors(pass), sizes: table.sizes } };
  }

  const join = ({ numbers: told, categories: coded }: ToldRows, pass: Pass) =>
    tf.concat([...told, ...(table && coded ? [flat(table.apply(coded.codes, pass))] : [])], 1);
  return {
    width: numbers.at.length * perNumber + sizes.length * embedding,
    parameters: [...(embedded ? [...embedded.parameters, unknown] : []), ...(table ? table.parameters : [])],
    statistics: [],
    tell,
    join,
    apply: (rows, pass) => join(tell(rows, pass), pass),
  };
}

/** Values, and where they are known and where not, of what our own kernel tells: [N, 2F]. */
function halves(told: Tensor): ReturnType<typeof knownValues> {
  const [values, missing] = tf.split(told, 2, 1) as [Tensor, Tensor];
  return { values, known: tf.sub(1, missing), missing };
}

/** Embeddings [N, F, width], those of unknown numbers replaced by their column's own vector [F, width]. */
function withUnknown(embeddings: Tensor, known: Tensor, unknown: Tensor): Tensor {
  const mask = tf.expandDims(known, 2);
  return tf.add(tf.mul(embeddings, mask), tf.mul(unknown, tf.sub(1, mask)));
}

/**
 * Rows [N, D] as one token for each column [N, D, width], numbers first (Gorishniy et al. 2021): a number is its code
 * times a vector of its column, or its embedding, and every token has a bias of its column.
 */
export function rowTokens(options: RowInputOptions & { width: number }): RowInput {
  const { name, columns, code, width } = options;
  const { numbers, categories } = partColumns(columns);
  const sizes = categories.columns.map((column) => column.categories.length);
  const table = sizes.length > 0 ? categoryEmbedding(name, sizes, width) : null;
  const embedded = numbers.at.length > 0 && !isPlain(code) ? embeddedNumbers(options, numbers, width) : null;
  const vectors = (part: string, count: number): VariableSpec => ({
    name: `${name}/${part}`,
    shape: [count, width],
    initial: { kind: 'normal', deviation: 1 / Math.sqrt(width) },
  });
  const weight = vectors('numbers/weight', numbers.at.length);
  const unknown = vectors('numbers/unknown', numbers.at.length);
  const bias = vectors('bias', columns.length);
  const plain = plainNumbers(options, numbers);
  return {
    width,
    parameters: [
      ...(numbers.at.length === 0 ? [] : embedded ? [...embedded.parameters, unknown] : [weight, unknown]),
      ...(table ? table.parameters : []),
      bias,
    ],
    statistics: [],
    apply(rows, pass) {
      const tokens: Tensor[] = [];
      if (numbers.at.length > 0) {
        const { values, known } = knownValues(takeColumns(rows, numbers.at));
        const told = embedded
          ? embedded.apply(values, pass)
          : tf.mul(tf.expandDims(plain(values), 2), variable(pass.parameters, weight.name));
        tokens.push(withUnknown(told, known, variable(pass.parameters, unknown.name)));
      }
      if (table) tokens.push(table.apply(wholeCodes(takeColumns(rows, categories.at), sizes), pass));
      return tf.add(tf.concat(tokens, 1), variable(pass.parameters, bias.name));
    },
  };
}
