/** What a table of embeddings is written from, whatever its format. */

/** What is known of each sample, alike for every format. */
export interface EmbeddedSamples {
  count: number;
  /** Numbers of a sample's features. */
  width: number;
  /** Place in the dataset. */
  index: Int32Array;
  source: readonly string[];
  /** Empty where there is none. */
  label: readonly string[];
  split: readonly string[];
  /** Written with the file where the format can: model, dataset, normalisation. */
  facts: Readonly<Record<string, string>>;
}

export interface EmbeddingWriter {
  /** Features of the next samples, row-major. */
  write(features: Float32Array): Promise<void>;
  /** Until then nothing stands under the files' own names. */
  finish(): Promise<void>;
}
