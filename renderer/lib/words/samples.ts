/** The sample studies that ship with the program, as the start screen offers them before any project is open. */
import type { Modality } from '../../../src/contract/data/modality.ts';

export interface SampleOffer {
  /** As `study.startSample` takes it. */
  id: string;
  modality: Modality;
  title: string;
  /** What the data is. */
  text: string;
  project: string;
  /** On two cores: measured on a quick and on a slow processor, and taken between them. */
  minutes: number;
}

export const SAMPLE_OFFERS: readonly SampleOffer[] = [
  {
    id: 'chest-x-rays',
    modality: 'image',
    title: 'See what pretraining buys on real chest X-rays',
    text: '4,682 images for pretraining, 20 labels for fine-tuning',
    project: 'Chest X-rays',
    minutes: 6,
  },
  {
    id: 'wrist-gestures',
    modality: 'signal',
    title: 'See what pretraining buys on muscle signals',
    text: 'Wrist gestures of 5 people, 8 channels, split by session',
    project: 'Wrist gestures',
    minutes: 9,
  },
  {
    id: 'adult-income',
    modality: 'table',
    title: 'See what pretraining buys on a census table',
    text: '21,165 rows for pretraining, 20 to 500 labels, beside boosted trees',
    project: 'Adult income',
    minutes: 3,
  },
];
