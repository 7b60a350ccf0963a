import type { Dataset } from '../../contract/entities.ts';
import { PretextError } from '../../contract/errors.ts';
import type { Client } from '../../client/service.ts';

/** The dataset of a name. Throws `dataset.missing`. */
export async function datasetNamed(client: Client, name: string): Promise<Dataset> {
  const dataset = (await client.dataset.list()).find((candidate) => candidate.name === name);
  if (!dataset)
    throw new PretextError({
      code: 'dataset.missing',
      message: `There is no dataset “${name}” in this project.`,
      place: name,
      remedy: '`pretext data list` shows those there are.',
    });
  return dataset;
}
