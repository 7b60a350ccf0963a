/** What learning knows of every kind of data. Adding one is adding its file and its line; tests add their own. */
import { ofModality, type Modality } from '../../contract/data/modality.ts';
import { image } from './image.ts';
import type { LearningModality } from './modality.ts';
import { signal } from './signal.ts';
import { table } from './table.ts';

export const learningModalities: LearningModality[] = [image, signal, table];

export const learningModality = (id: Modality): LearningModality => ofModality(learningModalities, id);
