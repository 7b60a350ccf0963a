/** Takes decoded images of one shape into the shard; exact duplicates are left out. */
import type { IssueList } from '../reading/issues.ts';
import { breathe } from '../breathe.ts';
import type { SampleTable } from '../reading/sample-table.ts';
import type { ShardWriter } from '../shards/writer.ts';
import { digestOf } from './decoding.ts';

export interface ImageSink {
  /**
   * @param digest of the pixels, where it is known already
   * @returns false for a duplicate, which is listed as left out
   */
  add(
    pixels: Uint8Array,
    sample: { file: number; row: number; label: number; number: number },
    digest?: string,
  ): Promise<boolean>;
  /** If every pixel was grey, keeps one of three channels. @returns the channels that are stored */
  finish(reduceGrey: boolean): Promise<number>;
}

const COMPACT_PIXELS = 256 * 1024;

export function createImageSink(
  writer: ShardWriter,
  table: SampleTable,
  issues: IssueList,
  channels: number,
): ImageSink {
  const seen = new Map<string, number>();
  let grey = channels === 3;
  return {
    async add(pixels, sample, digest = digestOf(pixels)) {
      const first = seen.get(digest);
      const path = table.files[sample.file]?.path ?? '';
      if (first !== undefined) {
        reportDuplicate(table, issues, first, table.describe(path, sample.row), sample);
        return false;
      }
      seen.set(digest, table.count);
      if (grey) grey = isGrey(pixels);
      table.add({ ...sample, offset: writer.position, block: 0 });
      await writer.append(pixels);
      return true;
    },
    async finish(reduceGrey) {
      if (!reduceGrey || !grey || table.count === 0) return channels;
      await keepFirstOfThree(writer);
      for (let index = 0; index < table.count; index += 1)
        table.offsets[index] = (table.offsets[index] ?? 0) / 3;
      return 1;
    },
  };
}

function reportDuplicate(
  table: SampleTable,
  issues: IssueList,
  first: number,
  source: string,
  sample: { label: number; number: number },
): void {
  const original = table.source(first);
  const label = table.labels[first] ?? -1;
  const firstName = table.labelNames[label] ?? String(table.numbers[first]);
  const thisName = table.labelNames[sample.label] ?? String(sample.number);
  const bothNumbers = label < 0 && sample.label < 0 && !Number.isNaN(sample.number);
  const differ = bothNumbers
    ? sample.number !== table.numbers[first]
    : label >= 0 && sample.label >= 0 && label !== sample.label;
  if (differ) {
    issues.leaveOut(
      source,
      'duplicate-other-label',
      `The same picture as ${original}, which is labeled “${firstName}” and this one “${thisName}”. Only the first is kept; check which label is right.`,
    );
  } else {
    issues.leaveOut(source, 'duplicate', `The same picture as ${original}, which is kept.`);
  }
}

function isGrey(pixels: Uint8Array): boolean {
  for (let at = 0; at < pixels.length; at += 3) {
    if (pixels[at] !== pixels[at + 1] || pixels[at] !== pixels[at + 2]) return false;
  }
  return true;
}

async function keepFirstOfThree(writer: ShardWriter): Promise<void> {
  const pixels = writer.position / 3;
  const source = Buffer.allocUnsafe(COMPACT_PIXELS * 3);
  const target = Buffer.allocUnsafe(COMPACT_PIXELS);
  for (let first = 0; first < pixels; first += COMPACT_PIXELS) {
    const count = Math.min(COMPACT_PIXELS, pixels - first);
    await writer.readBack(source.subarray(0, count * 3), first * 3);
    for (let pixel = 0; pixel < count; pixel += 1) target[pixel] = source[pixel * 3] ?? 0;
    await writer.overwrite(target.subarray(0, count), first);
    await breathe();
  }
  await writer.rewind(pixels);
}
