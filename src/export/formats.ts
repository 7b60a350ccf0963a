/** Every format's files. Adding one is its words in `contract/model/export.ts` and its line here. */
import type { ExportFormat } from '../contract/model/export.ts';
import { encodeSafetensors } from '../tensor/index.ts';
import { modelGraph } from './graph/model-graph.ts';
import type { ExportedFile, ExportedModel } from './model.ts';
import { onnxFile } from './onnx/file.ts';
import { torchModule, WEIGHTS_FILE } from './pytorch/module.ts';
import { torchState } from './pytorch/weights.ts';
import { describe, readme } from './readme.ts';
import { graphModelFiles } from './tensorflow/graph-model.ts';
import { tensorFlowNodes } from './tensorflow/nodes.ts';
import { encodeSavedModel } from './tensorflow/saved-model.ts';

export const DESCRIPTION_FILE = 'description.json';
export const README_FILE = 'README.md';

const writers: Readonly<Record<ExportFormat, (model: ExportedModel, version: string) => ExportedFile[]>> = {
  safetensors: (model, version) => [
    // PyTorch's own readers look for this word.
    { path: WEIGHTS_FILE, contents: encodeSafetensors(torchState(model), { format: 'pt' }) },
    { path: 'model.py', contents: torchModule(model, version) },
  ],
  onnx: (model, version) => {
    const { name, facts } = model;
    const metadata = { description: JSON.stringify(describe(model, version)) };
    const contents = onnxFile(modelGraph(model), { name, description: facts.join(' '), version, metadata });
    return [{ path: 'model.onnx', contents }];
  },
  'saved-model': (model) => [
    { path: 'saved_model.pb', contents: encodeSavedModel(tensorFlowNodes(modelGraph(model))) },
  ],
  tfjs: (model, version) =>
    graphModelFiles(
      tensorFlowNodes(modelGraph(model)),
      { description: JSON.stringify(describe(model, version)) },
      version,
    ),
};

/** The files of an export, with a README that says how to use them and a description for programs. */
export function exportModel(model: ExportedModel, format: ExportFormat, version: string): ExportedFile[] {
  return [
    ...writers[format](model, version),
    { path: DESCRIPTION_FILE, contents: `${JSON.stringify(describe(model, version), null, 2)}\n` },
    { path: README_FILE, contents: readme(model, format, version) },
  ];
}
