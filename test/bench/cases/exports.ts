/**
 * Writes every export of every case into a folder, with samples and this program's own answers beside it:
 * `node exports.ts FOLDER`. `exports.py` and `exports-tfjs.ts` read them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXPORT_FORMATS, type ExportFormat } from '../../../src/contract/model/export.ts';
import { writeFolder } from '../../../src/machine/whole-folder.ts';
import { exportModel } from '../../../src/export/formats.ts';
import { answersHere } from '../../../src/export/graph/model-graph.ts';
import { startTensorFlow } from '../../../src/tensor/index.ts';
import { exportCases, exportedModel, exportSamples } from '../../fixtures/exported-models.ts';

/** More than one, and another number than models are traced for. */
const SAMPLES = 5;

const folder = process.argv[2]!;
await startTensorFlow({ threads: 1 });
mkdirSync(folder, { recursive: true });
const cases = [];
for (const [index, each] of exportCases.entries())
  for (const hasHead of [true, false]) {
    const own = join(folder, `${index}${hasHead ? '' : '-encoder'}`);
    mkdirSync(own);
    const model = exportedModel(each, hasHead ? {} : { head: null });
    const samples = exportSamples(each, SAMPLES);
    const answers = answersHere(model, samples);
    writeFileSync(join(own, 'samples.bin'), samples);
    for (const [name, values] of Object.entries(answers)) writeFileSync(join(own, `${name}.bin`), values);
    const formats = Object.keys(EXPORT_FORMATS) as ExportFormat[];
    for (const format of formats) await writeFolder(join(own, format), exportModel(model, format, '0.0.0'));
    cases.push({
      folder: own,
      name: each.name,
      modality: each.modality,
      family: each.family,
      shape: [SAMPLES, ...each.inputShape],
      outputs: Object.keys(answers),
    });
  }
writeFileSync(join(folder, 'cases.json'), JSON.stringify(cases));
