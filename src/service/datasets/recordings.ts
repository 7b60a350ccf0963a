/** Recordings of a dataset, to look through: where they lie, what is marked in them, and their pictures. */
import type {
  DatasetRecording,
  RecordingPart,
  Tile,
  TileWish,
} from '../../contract/data/recordings/recordings.ts';
import { PretextError } from '../../contract/errors.ts';
import { buildPyramid, openTiles, PYRAMID_VERSION, type TileSource } from '../../data/index.ts';
import { listedPlaces, namesOf, placesFromWindows, rowBytesOf } from './recording-places.ts';
import {
  findRecording,
  getDataset,
  insertRecordings,
  listRecordings,
  readMarks,
  readOffsets,
  readWindows,
  shardFile,
  type StoredDataset,
  type StoredPlace,
  type WritableProject,
} from '../../project/index.ts';

export interface Recordings {
  /** None of a dataset that holds no recordings. */
  list(datasetId: string): { rate: number | null; channels: string[]; recordings: DatasetRecording[] };
  tile(wish: TileWish): Promise<Tile>;
  part(wish: {
    datasetId: string;
    recording: number;
    from: number;
    to: number;
    limit: number;
  }): RecordingPart;
  /** Where a sample lies. */
  placeOf(datasetId: string, index: number): { recording: number; start: number; rows: number };
  close(): Promise<void>;
}

const KEPT_OPEN = 3;

export function createRecordings(project: WritableProject): Recordings {
  /** By the id of the dataset, the latest last. */
  const open = new Map<string, Promise<TileSource>>();

  const placesOf = (stored: StoredDataset): StoredPlace[] => {
    const found = listRecordings(project, stored.key);
    if (found.length > 0) return found;
    const derived = placesFromWindows(project, stored);
    if (derived.length === 0) return [];
    if (project.readOnly) return listedPlaces(derived);
    insertRecordings(project, stored.key, 0, derived);
    return listRecordings(project, stored.key);
  };
  const recordingOf = (stored: StoredDataset, number: number): StoredPlace => {
    // One of many: those of a dataset are listed only where they are not known yet, or none has that number.
    const found = findRecording(project, stored.key, number) ?? placesOf(stored)[number];
    if (found) return found;
    throw new PretextError({
      code: 'recording.missing',
      message: `“${stored.dataset.name}” has no recording ${number + 1}.`,
      place: stored.dataset.name,
      remedy: 'Look at the list of its recordings.',
    });
  };
  const sourceOf = async (stored: StoredDataset): Promise<TileSource> => {
    const { id } = stored.dataset;
    const known = open.get(id);
    open.delete(id);
    const source = known ?? openSource(project, stored, placesOf(stored));
    open.set(id, source);
    // A failure is told to whoever asked, and tried again by the next.
    source.catch(() => open.delete(id));
    for (const [oldest, one] of [...open].slice(0, Math.max(0, open.size - KEPT_OPEN))) {
      open.delete(oldest);
      void one.then((tiles) => tiles.close()).catch(() => undefined);
    }
    return source;
  };

  return {
    list(datasetId) {
      const stored = getDataset(project, datasetId);
      const { samplingRate = null } = stored.dataset;
      const recordings = placesOf(stored).map(({ byteOffset: _byteOffset, ...one }) => one);
      return { rate: samplingRate, channels: namesOf(stored), recordings };
    },
    async tile(wish) {
      const stored = getDataset(project, wish.datasetId);
      recordingOf(stored, wish.recording);
      const source = await sourceOf(stored);
      const { values, channels, isPlain } = await source.read(wish);
      const text = Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
      return { values: text, columns: wish.columns, channels, isPlain };
    },
    part({ datasetId, recording, from, to, limit }) {
      const stored = getDataset(project, datasetId);
      const { byteOffset, rows } = recordingOf(stored, recording);
      const { dataset, key, labelVersion } = stored;
      const rowBytes = rowBytesOf(stored);
      const { marks, count } = readMarks(project, key, { recording, from, to, limit });
      // A window that began before these rows reaches into them.
      const first = Math.max(0, from - (dataset.shape[0] ?? 0));
      const found = readWindows(
        project,
        {
          key,
          sampleCount: dataset.sampleCount,
          classNames: dataset.classes.map(({ name }) => name),
          labelVersion,
        },
        {
          begin: byteOffset + first * rowBytes,
          end: byteOffset + Math.min(rows, to) * rowBytes,
          limit,
        },
      );
      return {
        marks,
        markCount: count,
        windows: found.windows.map(({ byteOffset: at, ...window }) => ({
          ...window,
          start: (at - byteOffset) / rowBytes,
        })),
        windowCount: found.count,
      };
    },
    placeOf(datasetId, index) {
      const stored = getDataset(project, datasetId);
      const [offset] = readOffsets(project, stored.key, [index]);
      const place = placesOf(stored).findLast(({ byteOffset }) => byteOffset <= (offset ?? -1));
      if (offset === undefined || !place)
        throw new PretextError({
          code: 'recording.none',
          message: `Sample ${index} of “${stored.dataset.name}” is part of no recording.`,
          place: stored.dataset.name,
        });
      const rows = stored.dataset.shape[0] ?? 1;
      return {
        recording: place.number,
        start: (offset - place.byteOffset) / rowBytesOf(stored),
        rows,
      };
    },
    async close() {
      const all = [...open.values()];
      open.clear();
      await Promise.allSettled(all.map(async (one) => (await one).close()));
    },
  };
}

/** File beside the shard: made by the program, and made anew where it is gone. */
export const pyramidName = (shard: string): string => `${shard}.pyramid-${PYRAMID_VERSION}`;
const pyramidFile = (project: WritableProject, { shard }: StoredDataset): string =>
  shardFile(project.folder, pyramidName(shard));

async function openSource(
  project: WritableProject,
  stored: StoredDataset,
  places: readonly StoredPlace[],
): Promise<TileSource> {
  const shard = shardFile(project.folder, stored.shard);
  const file = pyramidFile(project, stored);
  const names = namesOf(stored);
  const wanted = rowsOf(places);
  const rate = stored.dataset.samplingRate ?? null;
  const there = await openTiles(shard, file, wanted, names, rate);
  if (there) return there;
  await buildPyramid(shard, file, wanted, names.length);
  const made = await openTiles(shard, file, wanted, names, rate);
  if (made) return made;
  throw new Error(`${file} was made and is not what it should be`);
}

/** At the import, so that nobody waits later. */
export async function makePyramid(
  project: WritableProject,
  datasetId: string,
  signal: AbortSignal,
): Promise<void> {
  const stored = getDataset(project, datasetId);
  const places = rowsOf(listRecordings(project, stored.key));
  if (places.length === 0) return;
  const shard = shardFile(project.folder, stored.shard);
  await buildPyramid(shard, pyramidFile(project, stored), places, namesOf(stored).length, signal);
}

/** Where the rows of each lie in the shard. */
const rowsOf = (places: readonly StoredPlace[]) =>
  places.map(({ byteOffset, rows }) => ({ start: byteOffset, rows }));
