/** Studies as commands name them. */
import { PretextError } from '../../contract/errors.ts';
import type { Client } from '../../client/service.ts';

/** The id of a study that is given by its id or its name. Throws `study.missing`, or `study.ambiguous` where several have the name. */
export async function studyIdOf(client: Client, idOrName: string): Promise<string> {
  const studies = await client.study.list();
  if (studies.some(({ id }) => id === idOrName)) return idOrName;
  const named = studies.filter(({ name }) => name === idOrName);
  if (named.length === 1) return named[0]!.id;
  const ids = named.map(({ id }) => id).join(', ');
  throw new PretextError({
    code: named.length > 1 ? 'study.ambiguous' : 'study.missing',
    message:
      named.length > 1
        ? `${named.length} studies of this project have the name “${idOrName}”.`
        : `There is no study “${idOrName}” in this project.`,
    place: idOrName,
    remedy:
      named.length > 1
        ? `Give the id of one: ${ids}.`
        : '`pretext study list` shows those there are, with id and name.',
  });
}
