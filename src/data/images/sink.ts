/** Takes decoded images of one shape into the shard; exact duplicates are left out. */
import { BYTES_PER_VALUE } from '../../contract/data/sample-values.ts';
import type { IssueList } from '../reading/issues.ts';
import { breathe } from '../breathe.ts';
import type { SampleTable } from '../reading/sample-table.ts';
import type { ShardWriter } from '../shards/writer.ts';
import { digestOf } from './decoding.ts';
import { isGrey } from './formats/reshape.ts';

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
  /**
   * Brings all to the form in which they stay: if every pixel was grey, one of three channels; values of 16 bits over
   * the whole range, or as 8 bits where they need no more.
   * @param fewestBits that 16-bit values are taken to use, whatever the largest of them is
   */
  finish(reduceGrey: boolean, fewestBits?: number): Promise<StoredForm>;
}

export interface StoredForm {
  channels: number;
  dtype: 'uint8' | 'uint16';
  /** Bits that values of 16 bits were taken to use; null for values of 8 bits. */
  usedBits: number | null;
}

const COMPACT_VALUES = 768 * 1024;

export function createImageSink(
  writer: ShardWriter,
  table: SampleTable,
  issues: IssueList,
  channels: number,
  bits: 8 | 16 = 8,
  { keepsCopies = false }: { keepsCopies?: boolean } = {},
): ImageSink {
  const seen = new Map<string, number>();
  let grey = channels === 3;
  let most = 0;
  return {
    async add(pixels, sample, known) {
      const digest = keepsCopies ? '' : (known ?? digestOf(pixels));
      const first = keepsCopies ? undefined : seen.get(digest);
      const path = table.files[sample.file]?.path ?? '';
      if (first !== undefined) {
        reportDuplicate(table, issues, first, table.describe(path, sample.row), sample);
        return false;
      }
      if (!keepsCopies) seen.set(digest, table.count);
      const values =
        bits === 16 ? new Uint16Array(pixels.buffer, pixels.byteOffset, pixels.length / 2) : pixels;
      if (grey) grey = isGrey(values);
      if (bits === 16) for (const value of values) if (value > most) most = value;
      table.add({ ...sample, offset: writer.position, block: 0 });
      await writer.append(pixels);
      return true;
    },
    async finish(reduceGrey, fewestBits = 1) {
      const usedBits = bits === 16 ? Math.max(fewestBits, 32 - Math.clz32(most)) : null;
      const dtype = usedBits !== null && usedBits > 8 ? 'uint16' : 'uint8';
      const every = reduceGrey && grey && table.count > 0 ? 3 : 1;
      const shift = dtype === 'uint16' ? 16 - usedBits! : 0;
      const form: StoredForm = { channels: channels / every, dtype, usedBits };
      if (every === 1 && shift === 0 && (dtype === 'uint16') === (bits === 16)) return form;
      await rewrite(writer, { bits, dtype, every, shift });
      const shrink = (every * (bits / 8)) / BYTES_PER_VALUE[dtype];
      for (let index = 0; index < table.count; index += 1)
        table.offsets[index] = (table.offsets[index] ?? 0) / shrink;
      return form;
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

interface Change {
  bits: 8 | 16;
  dtype: StoredForm['dtype'];
  /** One of so many values is kept. */
  every: 1 | 3;
  shift: number;
}

/** In place: what is written is never longer than what was read. */
async function rewrite(writer: ShardWriter, { bits, dtype, every, shift }: Change): Promise<void> {
  const bytesBefore = bits / 8;
  const bytesAfter = BYTES_PER_VALUE[dtype];
  const values = writer.position / bytesBefore;
  const source = new (bits === 16 ? Uint16Array : Uint8Array)(COMPACT_VALUES);
  const target = new (dtype === 'uint16' ? Uint16Array : Uint8Array)(COMPACT_VALUES / every);
  for (let first = 0; first < values; first += COMPACT_VALUES) {
    const count = Math.min(COMPACT_VALUES, values - first);
    await writer.readBack(new Uint8Array(source.buffer, 0, count * bytesBefore), first * bytesBefore);
    for (let at = 0; at < count / every; at += 1) target[at] = source[at * every]! << shift;
    const bytes = new Uint8Array(target.buffer, 0, (count / every) * bytesAfter);
    await writer.overwrite(bytes, (first / every) * bytesAfter);
    await breathe();
  }
  await writer.rewind((values / every) * bytesAfter);
}
