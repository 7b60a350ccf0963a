/** What the data room knows of every kind of data. Adding one is adding its file and its line; tests add their own. */
import { ofModality, type Modality } from '../../contract/data/modality.ts';
import { image } from './image.ts';
import type { DataModality } from './modality.ts';
import { signal } from './signal.ts';
import { table } from './table.ts';

export const dataModalities: DataModality[] = [image, signal, table];

export const dataModality = (id: Modality): DataModality => ofModality(dataModalities, id);
