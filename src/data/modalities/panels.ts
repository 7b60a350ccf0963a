/** Stored samples as a person sees them. */
import type { SampleDescription } from '../../contract/data/sample-description.ts';
import { bytesOfSample, valuesToCompute, type SampleType } from '../../contract/data/sample-values.ts';
import type { Modality } from '../../contract/data/modality.ts';
import type { Panel } from '../../contract/data/preview.ts';
import { dataModality } from './registry.ts';

export interface PanelSamples {
  modality: Modality;
  shape: readonly number[];
  dtype: SampleType;
  about: SampleDescription;
}

/** @param bytes of whole samples, one after the other */
export function panelsOf(
  bytes: Uint8Array,
  { modality, shape, dtype, about }: PanelSamples,
): Promise<Panel['content'][]> {
  const size = bytesOfSample(shape, dtype);
  const { panel } = dataModality(modality);
  return Promise.all(
    Array.from({ length: bytes.length / size }, (_, at) =>
      panel(valuesToCompute(bytes.slice(at * size, (at + 1) * size), dtype), shape, about),
    ),
  );
}
