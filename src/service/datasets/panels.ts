/** Raw samples as the window shows them. */
import type { Modality } from '../../contract/data/modality.ts';
import type { SampleDescription } from '../../contract/data/sample-description.ts';
import type { Panel, RawPanel } from '../../contract/data/preview.ts';
import { dataModality } from '../../data/index.ts';

export type PanelContent = Panel['content'];

/** A panel from the trainer, whose values come as floats. */
export async function toPanel(
  { title, role, values, shape }: RawPanel,
  modality: Modality,
  about: SampleDescription = {},
): Promise<Panel> {
  return { title, role, content: await dataModality(modality).panel(values, shape, about) };
}
