/** What embeddings are written from: a dataset, or files. */
import type { EmbeddedSamples } from '../export/tables/embedded-samples.ts';
import type { StoredSamples } from '../training/samples/reader.ts';

/** Samples in order, with their features a part at a time. */
export interface Embedded {
  samples: Omit<EmbeddedSamples, 'width' | 'facts'>;
  parts: AsyncIterable<Float32Array>;
  leftOut: number;
  close(): Promise<void>;
}

/** Compiled for samples of one type. */
export interface Embedder {
  width: number;
  features(stored: StoredSamples): Promise<Float32Array>;
  close(): void;
}
