/**
 * Tab-separated text for embedding projectors: vectors without a header, and beside them a table of what each is. A tab
 * or line break in a name would part it: it becomes a space.
 */
import { open, type FileHandle } from 'node:fs/promises';
import type { EmbeddedSamples, EmbeddingWriter } from './embedded-samples.ts';

const ROWS_AT_ONCE = 4096;
const plain = (text: string) => text.replaceAll(/[\t\r\n]+/g, ' ');

export function projectorWriter(
  vectors: string,
  metadata: string,
  samples: EmbeddedSamples,
): EmbeddingWriter {
  const { width, count } = samples;
  let handle: FileHandle | null = null;
  return {
    async write(values) {
      handle ??= await open(vectors, 'w');
      const rows = Array.from({ length: values.length / width }, (_, row) =>
        Array.from(values.subarray(row * width, (row + 1) * width), (value) => String(value)).join('\t'),
      );
      await handle.appendFile(`${rows.join('\n')}\n`);
    },
    async finish() {
      handle ??= await open(vectors, 'w');
      await handle.sync();
      await handle.close();
      const table = await open(metadata, 'w');
      try {
        await table.write('index\tsource\tlabel\tsplit\n');
        for (let first = 0; first < count; first += ROWS_AT_ONCE) {
          const lines = Array.from({ length: Math.min(ROWS_AT_ONCE, count - first) }, (_, at) =>
            rowOf(samples, first + at),
          );
          await table.write(`${lines.join('\n')}\n`);
        }
        await table.sync();
      } finally {
        await table.close();
      }
    },
  };
}

const rowOf = ({ index, source, label, split }: EmbeddedSamples, at: number) =>
  [String(index[at]), plain(source[at]!), plain(label[at]!), split[at]!].join('\t');
