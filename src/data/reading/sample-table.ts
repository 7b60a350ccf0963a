/**
 * The growing table of samples while a reader reads.
 *
 * Columns are typed arrays that grow; what many samples share (the file, its columns, its split folder) is
 * kept once a file. A million windows of one recording cost 20 bytes each.
 */

import type { FolderSplit } from '../folders/names.ts';

export interface SourceFile {
  /** Relative to the imported folder, with slashes. */
  path: string;
  folderSplit: FolderSplit;
  /** The folder of a subject or site, whose samples are never parted. */
  folderGroup?: string | null;
  /** Values from the path pattern and the label file. */
  columns: Record<string, string>;
  /** Recordings: when some of its rows came, ascending; rows between follow at its rate. Left out: row 0 at 0 s. */
  times?: RowTime[];
}

/** Seconds since the recording began. */
export interface RowTime {
  row: number;
  seconds: number;
}

export interface SampleRow {
  offset: number;
  file: number;
  /** Row or index in the file, from 0; -1 where the file is the sample. */
  row: number;
  /** Id from `labelId`, -1 for unlabeled. */
  label: number;
  /** Target number, NaN for none. */
  number: number;
  /** Stretch of a recording, for recordings that are parted between splits by time. */
  block: number;
}

export class SampleTable {
  readonly files: SourceFile[] = [];
  readonly labelNames: string[] = [];
  /** How a sample of a file is called; readers set it. */
  describe: (file: string, row: number) => string = (file) => file;
  count = 0;
  offsets = new Float64Array(1024);
  fileIds = new Int32Array(1024);
  rows = new Int32Array(1024);
  labels = new Int32Array(1024);
  numbers = new Float32Array(1024);
  blocks = new Int32Array(1024);
  /** Several labels or numbers of each sample, row-major [samples, width], where a reader knows them. */
  targets: { width: number; values: Float32Array } | null = null;
  /** How much each sample counts, where a reader knows it. */
  weights: Float32Array | null = null;
  private readonly labelIds = new Map<string, number>();

  addFile(file: SourceFile): number {
    return this.files.push(file) - 1;
  }

  labelId(name: string | null): number {
    if (name === null) return -1;
    let id = this.labelIds.get(name);
    if (id === undefined) {
      id = this.labelNames.push(name) - 1;
      this.labelIds.set(name, id);
    }
    return id;
  }

  add(row: SampleRow): void {
    if (this.count === this.offsets.length) this.grow();
    const index = this.count++;
    this.offsets[index] = row.offset;
    this.fileIds[index] = row.file;
    this.rows[index] = row.row;
    this.labels[index] = row.label;
    this.numbers[index] = row.number;
    this.blocks[index] = row.block;
  }

  /** Of the sample that was added last. */
  addTargets(values: readonly number[]): void {
    const { length: width } = values;
    this.targets ??= { width, values: new Float32Array(this.offsets.length * width) };
    if (this.targets.values.length < this.count * width)
      this.targets.values = longer(this.targets.values, Float32Array, this.offsets.length * width);
    this.targets.values.set(values, (this.count - 1) * width);
  }

  /** Of the sample that was added last. */
  addWeight(weight: number): void {
    this.weights ??= new Float32Array(this.offsets.length);
    if (this.weights.length < this.count)
      this.weights = longer(this.weights, Float32Array, this.offsets.length);
    this.weights[this.count - 1] = weight;
  }

  source(index: number): string {
    return this.describe(this.fileOf(index).path, this.rows[index] ?? -1);
  }

  fileOf(index: number): SourceFile {
    const file = this.files[this.fileIds[index] ?? -1];
    if (!file) throw new Error(`Sample ${index} has no file.`);
    return file;
  }

  /** Seconds from the beginning of its recording to its first row. */
  secondsOf(index: number, rate: number): number {
    const row = this.rows[index] ?? 0;
    const known = this.fileOf(index).times?.findLast((time) => time.row <= row) ?? { row: 0, seconds: 0 };
    return known.seconds + (row - known.row) / rate;
  }

  private grow(): void {
    const { length } = this.offsets;
    const capacity = Math.ceil(length * (length < MANY ? 2 : 1.25));
    this.offsets = longer(this.offsets, Float64Array, capacity);
    this.fileIds = longer(this.fileIds, Int32Array, capacity);
    this.rows = longer(this.rows, Int32Array, capacity);
    this.labels = longer(this.labels, Int32Array, capacity);
    this.numbers = longer(this.numbers, Float32Array, capacity);
    this.blocks = longer(this.blocks, Int32Array, capacity);
  }
}

/** Of so many samples the room that is not used is felt: it grows by a quarter, and no longer doubles. */
const MANY = 2 ** 20;

/** What an engine of JavaScript may do with a buffer: take its place, which frees the old one at once. */
interface Transferable {
  transfer?(byteLength: number): ArrayBuffer;
}

/** The values with room for more; the array that was given is not to be used again. */
function longer<T extends Float64Array | Float32Array | Int32Array>(
  array: T,
  type: { new (buffer: ArrayBuffer): T; new (length: number): T },
  capacity: number,
): T {
  const moved = (array.buffer as Transferable).transfer?.(capacity * array.BYTES_PER_ELEMENT);
  if (moved) return new type(moved);
  const copy = new type(capacity);
  copy.set(array);
  return copy;
}
