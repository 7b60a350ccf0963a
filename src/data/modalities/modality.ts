/** What the data room knows of a kind of data: how datasets are brought together, compared and shown. */
import type { Modality } from '../../contract/data/modality.ts';
import type { HarmoniseStep } from '../../contract/data/harmonise-step.ts';
import type { SampleDescription } from '../../contract/data/sample-description.ts';
import type { SampleType } from '../../contract/data/sample-values.ts';
import type { Panel } from '../../contract/data/preview.ts';
import type { CommonForm, TogetherRequest } from '../together/request.ts';

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
  convert(
    samples: readonly Uint8Array[],
    from: StoredForm,
    to: StoredForm,
    steps: readonly HarmoniseStep[],
  ): Promise<Uint8Array[]>;
  /**
   * The form in which datasets that are unlike become one, where a person asks for it; null, or left out: there is no
   * need of another way than `steps`.
   *
   * @throws PretextError `together.…` where they cannot, with what would make it possible
   */
  together?(request: TogetherRequest): CommonForm | null;
  /** What channels are called that nobody has named; left out: they are numbered. */
  channelNames?(count: number): string[];
  /** What a person sees of one sample, from values that are computed with and what is known of them. */
  panel(
    values: Uint8Array | Float32Array,
    shape: readonly number[],
    about: SampleDescription,
  ): Promise<Panel['content']>;
}
