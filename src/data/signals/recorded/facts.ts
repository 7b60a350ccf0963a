/** What some files of an import say of themselves, opened and closed again. */
import type { ListedFile } from '../../reading/listing.ts';
import { describeFileError } from '../../reading/issues.ts';
import { FileProblem } from '../../problem.ts';
import type { Recording, RecordedEvent, Track } from '../../recordings/recording.ts';

export type OpenRecording = (path: string) => Promise<Recording>;

export interface RecordingFacts extends Omit<Recording, 'tracks' | 'close'> {
  path: string;
  tracks: Omit<Track, 'read'>[];
  events: RecordedEvent[];
}

export interface Unreadable {
  path: string;
  reason: string;
  message: string;
}

/** @throws what is no fault of the file */
export function reasonOf(error: unknown, path: string): Unreadable {
  if (error instanceof FileProblem) return { path, reason: error.reason, message: error.message };
  if (/^E[A-Z]+$/.test((error as NodeJS.ErrnoException | null)?.code ?? ''))
    return { path, ...describeFileError(error, path) };
  throw error;
}

export async function factsOf(
  files: readonly ListedFile[],
  open: OpenRecording,
): Promise<{ facts: RecordingFacts[]; unreadable: Unreadable[] }> {
  const facts: RecordingFacts[] = [];
  const unreadable: Unreadable[] = [];
  for (const { path, absolute } of files) {
    try {
      const { close, tracks, ...rest } = await open(absolute);
      await close();
      facts.push({ ...rest, path, tracks: tracks.map(({ read: _read, ...track }) => track) });
    } catch (error) {
      unreadable.push(reasonOf(error, path));
    }
  }
  return { facts, unreadable };
}
