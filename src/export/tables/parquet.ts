/** Embeddings as Parquet: index, source, label, split, and a column for every feature. */
import { fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import type { EmbeddedSamples, EmbeddingWriter } from './embedded-samples.ts';

/** Numbers of features that stand in memory together. */
const VALUES_AT_ONCE = 2 ** 22;

export function parquetWriter(file: string, samples: EmbeddedSamples): EmbeddingWriter {
  const { width, index, source, label, split, facts } = samples;
  const columnsOf = (first: number, count: number, features: (column: number) => Float32Array) => [
    { name: 'index', type: 'INT32' as const, data: index.slice(first, first + count) },
    { name: 'source', type: 'STRING' as const, data: source.slice(first, first + count) },
    {
      name: 'label',
      type: 'STRING' as const,
      nullable: true,
      data: label.slice(first, first + count).map((text) => text || null),
    },
    { name: 'split', type: 'STRING' as const, data: split.slice(first, first + count) },
    ...Array.from({ length: width }, (_, column) => ({
      name: `feature_${column}`,
      type: 'FLOAT' as const,
      data: features(column),
    })),
  ];
  const writer = new ParquetWriter({
    writer: fileWriter(file),
    schema: schemaFromColumnData({ columnData: columnsOf(0, 0, () => new Float32Array(0)) }),
    kvMetadata: Object.entries(facts).map(([key, value]) => ({ key, value })),
    createdBy: 'Pretext Studio',
  });
  const rowsAtOnce = Math.max(1, Math.floor(VALUES_AT_ONCE / width));
  let waiting: Float32Array[] = [];
  let [written, rows] = [0, 0];
  const flush = async () => {
    if (rows === 0) return;
    const parts = waiting;
    const column = (at: number) => {
      const values = new Float32Array(rows);
      let row = 0;
      for (const part of parts)
        for (let place = at; place < part.length; place += width) values[row++] = part[place]!;
      return values;
    };
    await writer.write({ columnData: columnsOf(written, rows, column), rowGroupSize: rows });
    written += rows;
    waiting = [];
    rows = 0;
  };
  return {
    async write(values) {
      waiting.push(values);
      rows += values.length / width;
      if (rows >= rowsAtOnce) await flush();
    },
    async finish() {
      await flush();
      await writer.finish();
    },
  };
}
