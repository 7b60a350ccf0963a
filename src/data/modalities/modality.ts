/** What the data room knows of a kind of data: how datasets are brought together, compared and shown. */
import type { Modality } from '../../contract/data/modality.ts';
import type { SampleDescription } from '../../contract/data/sample-description.ts';
import type { SampleType } from '../../contract/data/sample-values.ts';
import type { Panel } from '../../contract/data/preview.ts';

/** A step by which samples of one shape became samples of another, as it is recorded. */
export type HarmoniseStep =
  | { step: 'resize'; from: [height: number, width: number]; to: [height: number, width: number] }
  | { step: 'to-grey' | 'to-color' | 'to-16-bit' }
  | { step: 'resample'; fromLength: number; toLength: number };

/** How samples of a dataset are stored. */
export interface StoredForm {
  shape: readonly number[];
  dtype: SampleType;
}

/** The type of values is left out where it does not matter. */
export type PlannedForm = Pick<StoredForm, 'shape'> & { dtype?: SampleType | undefined };

export interface DataModality {
  id: Modality;
  /**
   * The steps from one shape to another of as many sides; none when they agree.
   *
   * @throws PretextError where there is no way
   */
  steps(name: string, from: PlannedForm, to: PlannedForm): HarmoniseStep[];
  /** Carries the steps out, on stored samples. */
  convert(samples: readonly Uint8Array[], from: StoredForm, to: StoredForm): Promise<Uint8Array[]>;
  /** What a person sees of one sample, from values that are computed with and what is known of them. */
  panel(
    values: Uint8Array | Float32Array,
    shape: readonly number[],
    about: SampleDescription,
  ): Promise<Panel['content']>;
}
