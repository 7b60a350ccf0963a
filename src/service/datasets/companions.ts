/** Companions of a few samples, for a preview: drawn as a run draws them, but among all samples of the dataset. */
import { PretextError } from '../../contract/errors.ts';
import { descriptionOf } from '../../contract/data/sample-description.ts';
import { companionDraw, companionsOf, randomStream } from '../../learning/catalogue.ts';
import type { ReadableProject, StoredDataset } from '../../project/index.ts';
import { groupsOf, recordingsOf } from './belonging.ts';

export interface DrawnCompanions {
  /** Of every sample its companions, one after the other; where there is none, the sample itself. */
  positions: number[];
  /** 1 where it was there, else 0. */
  found: Float32Array<ArrayBuffer>;
}

/**
 * Null where the task asks for none.
 *
 * @throws PretextError where the dataset does not know what they are drawn among
 */
export async function companionsFor(
  project: ReadableProject,
  stored: StoredDataset,
  { task, options, seed }: { task: string; options: Record<string, unknown>; seed: number },
  indices: readonly number[],
): Promise<DrawnCompanions | null> {
  const { dataset } = stored;
  const { modality, shape, sampleCount } = dataset;
  const context = { modality, inputShape: shape, sampleCount, about: descriptionOf(dataset) };
  const companions = companionsOf(task, options, context);
  if (!companions) return null;
  const { recordings, times } = companions.among === 'recording' ? await recordingsOf(project, stored) : {};
  const { groups } = await groupsOf(project, stored);
  const units = companions.among === 'recording' ? recordings : groups;
  if (!units) throw withoutUnits(dataset.name, companions.among);
  const windowTime = shape[0]! / (dataset.samplingRate ?? 1);
  const draw = companionDraw(
    companions,
    { units, times, groups: recordings && groups, windowTime },
    Int32Array.from(units.keys()),
  );
  const stream = randomStream(seed, 'preview');
  const drawn = indices.flatMap((sample) => draw(sample, stream).map((position) => ({ sample, position })));
  return {
    positions: drawn.map(({ sample, position }) => position ?? sample),
    found: Float32Array.from(drawn, ({ position }) => Number(position !== null)),
  };
}

function withoutUnits(name: string, among: 'recording' | 'group'): PretextError {
  const what = {
    recording: 'windows of recordings, and its samples are not known to be parts of recordings',
    group: 'samples of the same group (subject, patient, site), and it has no groups',
  }[among];
  const remedy = {
    recording: 'Choose another pretext task, or import recordings that are cut into windows.',
    group: 'Choose another pretext task, or import it again with `group`.',
  }[among];
  return new PretextError({
    code: `pretext.needs-${among}s`,
    message: `This pretext task compares ${what}: ${name}.`,
    place: 'pretext.task',
    remedy,
  });
}
