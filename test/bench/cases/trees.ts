/** Boosted trees of this program: all training rows, the rounds chosen on validation rows, as the reference arm has them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { selectRows, type FeatureMatrix } from '../../../src/learning/evaluation/probes/features.ts';
import { fitTreesReference } from '../../../src/learning/references/fit.ts';
import type { TreeSetting } from '../benches/tables.ts';
import { serve } from '../protocol.ts';

let setting: TreeSetting;

const bytesOf = (file: string) => {
  const bytes = readFileSync(file);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
};

await serve<TreeSetting>({
  start(options) {
    setting = options;
    return Promise.resolve({});
  },
  run() {
    const { columns } = setting;
    const values = new Float32Array(bytesOf(setting.rows));
    const all: FeatureMatrix = { values, rows: values.length / columns.length, columns: columns.length };
    const targets = new Int32Array(bytesOf(setting.targets));
    const part = (file: string) => {
      const rows = Array.from(new Int32Array(bytesOf(file)));
      return { features: selectRows(all, rows), targets: Float64Array.from(rows, (row) => targets[row]!) };
    };
    const answer = fitTreesReference({
      train: part(setting.train),
      validation: part(setting.validation),
      columns,
      classCount: 2,
    });
    const probabilities = answer(all);
    writeFileSync(
      setting.output,
      Float64Array.from({ length: all.rows }, (_, row) => probabilities[2 * row + 1]!),
    );
    return Promise.resolve();
  },
});
