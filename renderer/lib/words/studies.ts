/** Studies by names that tell them apart. */
import type { Study } from '../../../src/contract/entities.ts';

type Named = Pick<Study, 'id' | 'name' | 'createdAt'>;

/** The names of all studies by id; where several are named alike, with a number in the order they were made. */
export function studyTitles(studies: readonly Named[]): Map<string, string> {
  const inOrder = [...studies].sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  const count = new Map<string, number>();
  for (const { name } of inOrder) count.set(name, (count.get(name) ?? 0) + 1);
  const met = new Map<string, number>();
  const titles = new Map<string, string>();
  for (const { id, name } of inOrder) {
    const number = (met.get(name) ?? 0) + 1;
    met.set(name, number);
    titles.set(id, count.get(name) === 1 ? name : `${name} (${number})`);
  }
  return titles;
}
