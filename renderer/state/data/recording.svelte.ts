/** Tiles and marks of one recording, asked for as they come into view and kept for scrolling back. */
import type { Failure } from '../../../src/contract/errors.ts';
import type { RecordingPart, TileWish } from '../../../src/contract/data/recordings/recordings.ts';
import { failureOf, type ProjectClient } from '../../api/project.ts';
import { TILE_COLUMNS } from '../../lib/recordings/view.ts';

export interface LoadedTile {
  values: Float32Array;
  channels: number;
  isPlain: boolean;
}

export type TileMode = Pick<TileWish, 'filter' | 'montage'>;

const KEEP = 160;
const AT_ONCE = 4;
const PART_LIMIT = 3000;

export class RecordingStore {
  #client: ProjectClient;
  #datasetId: string;
  #recording: number;
  #tiles = new Map<string, LoadedTile>();
  #asked = new Set<string>();
  /** What could not be had: it is asked for again once something else could, not with every picture. */
  #refused = new Set<string>();
  #queue: { key: string; wish: TileWish }[] = [];
  #parts = new Map<string, RecordingPart>();
  #failure = $state.raw<Failure | null>(null);
  /** Counts what has arrived, so that pictures are drawn anew. */
  #arrived = $state(0);
  #ended = false;

  constructor(client: ProjectClient, datasetId: string, recording: number) {
    this.#client = client;
    this.#datasetId = datasetId;
    this.#recording = recording;
  }

  get failure(): Failure | null {
    return this.#failure;
  }
  get arrived(): number {
    return this.#arrived;
  }

  /** The tile if it is there; else it is asked for. */
  tile(rowsPerColumn: number, number: number, mode: TileMode): LoadedTile | undefined {
    const key = keyOf(rowsPerColumn, number, mode);
    const known = this.#tiles.get(key);
    if (known) {
      // The latest are kept longest.
      this.#tiles.delete(key);
      this.#tiles.set(key, known);
      return known;
    }
    if (!this.#mayAsk(key)) return undefined;
    this.#asked.add(key);
    this.#queue.push({
      key,
      wish: {
        datasetId: this.#datasetId,
        recording: this.#recording,
        rowsPerColumn,
        firstColumn: number * TILE_COLUMNS,
        // And the first of the next, so that lines go on.
        columns: TILE_COLUMNS + 1,
        ...mode,
      },
    });
    void this.#work();
    return undefined;
  }

  /** One that is there already, and nothing is asked for. */
  known(rowsPerColumn: number, number: number, mode: TileMode): LoadedTile | undefined {
    return this.#tiles.get(keyOf(rowsPerColumn, number, mode));
  }

  /** Marks and windows of a stretch of so many rows, the number-th of its size. */
  part(rows: number, number: number): RecordingPart | undefined {
    const key = `${rows}:${number}`;
    const known = this.#parts.get(key);
    if (known || !this.#mayAsk(key)) return known;
    this.#asked.add(key);
    void this.#client.dataset
      .recordingPart({
        datasetId: this.#datasetId,
        recording: this.#recording,
        from: number * rows,
        to: (number + 1) * rows,
        limit: PART_LIMIT,
      })
      .then(
        (part) => {
          this.#parts.set(key, part);
          this.#came();
        },
        (error: unknown) => this.#refuse(key, error),
      )
      .finally(() => {
        this.#asked.delete(key);
        this.#arrived += 1;
      });
    return undefined;
  }

  #mayAsk(key: string): boolean {
    return !this.#asked.has(key) && !this.#refused.has(key) && !this.#ended;
  }

  #came(): void {
    this.#refused.clear();
    this.#failure = null;
  }

  #refuse(key: string, error: unknown): void {
    this.#refused.add(key);
    this.#failure = failureOf(error);
  }

  end(): void {
    this.#ended = true;
    this.#queue = [];
  }

  #running = 0;
  async #work(): Promise<void> {
    if (this.#running >= AT_ONCE) return;
    this.#running += 1;
    // What came into view last is wanted first.
    for (let next = this.#queue.pop(); next; next = this.#queue.pop()) await this.#load(next.key, next.wish);
    this.#running -= 1;
  }

  async #load(key: string, wish: TileWish): Promise<void> {
    try {
      const { values, channels, isPlain } = await this.#client.dataset.recordingTile(wish);
      const bytes = Uint8Array.from(atob(values), (letter) => letter.charCodeAt(0));
      this.#tiles.set(key, { values: new Float32Array(bytes.buffer), channels, isPlain });
      for (const old of [...this.#tiles.keys()].slice(0, Math.max(0, this.#tiles.size - KEEP)))
        this.#tiles.delete(old);
      this.#came();
    } catch (error) {
      this.#refuse(key, error);
    }
    this.#asked.delete(key);
    this.#arrived += 1;
  }
}

export const modeKey = ({ filter, montage }: TileMode): string =>
  `${montage}|${filter ? `${filter.from}-${filter.to}` : ''}`;

const keyOf = (rowsPerColumn: number, number: number, mode: TileMode): string =>
  `${rowsPerColumn}:${number}:${modeKey(mode)}`;
