/** What lies beside an exported model: a README for people, with an example that runs, and a description for programs. */
import { describeModality } from '../contract/data/modality.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../contract/model/export.ts';
import { safeDeviations } from '../learning/channels.ts';
import { FEATURES, INPUT } from './graph/model-graph.ts';
import { answerName, type ExportedModel } from './model.ts';
import { OPSET } from './onnx/file.ts';

/** How samples have to come, and what comes out: the same in every format. */
export function describe(model: ExportedModel, version: string) {
  const { head } = model;
  return {
    name: model.name,
    program: `Pretext Studio ${version}`,
    modality: model.modality,
    encoder: model.encoder,
    input: { name: INPUT, shape: [null, ...model.inputShape], type: 'float32', units: 'as stored' },
    /** Part of the model already. */
    normalisation: {
      mean: [...model.channelStatistics.mean],
      deviation: safeDeviations(model.channelStatistics),
    },
    preparation: model.preparation,
    outputs: [FEATURES, ...(head ? [answerName(head)] : [])],
    classes: head?.kind === 'classes' ? head.names : null,
    ...(head?.kind === 'labels' && { labels: head.names }),
    ...(head?.kind === 'numbers' && { numbers: head.names }),
    temperature: head && 'temperature' in head ? head.temperature : null,
    members: model.members.length,
    facts: model.facts,
  };
}

export function readme(model: ExportedModel, format: ExportFormat, version: string): string {
  const { title, summary } = EXPORT_FORMATS[format];
  const { head, inputShape, modality } = model;
  const { sample: one, describeShape } = describeModality(modality);
  const first = format === 'safetensors';
  return `${[
    `# ${oneLine(model.name)}`,
    '',
    `${title}, exported by Pretext Studio ${version}. ${summary}${format === 'onnx' ? ` Opset ${OPSET}, batches of any size.` : ''}`,
    '',
    '## What goes in',
    '',
    `\`${INPUT}\`: float32 ${shapeText(inputShape, first)}, N ${one}s of ${describeShape(inputShape)} in stored units${unitsOf(model)}. Batches of any size.`,
    '',
    `The model itself subtracts each channel’s mean and divides by its deviation. Before that, what happened to the ${one}s it was trained on has to happen to new ones:`,
    '',
    ...(model.preparation.length > 0 ? model.preparation : [`Nothing: ${one}s came as they are stored.`]).map(
      (line) => `- ${line}`,
    ),
    '',
    '## What comes out',
    '',
    ...outputs(model, format),
    '',
    '## Example',
    '',
    ...example(model, format),
    '',
    ...(model.facts.length > 0
      ? ['## Where it comes from', '', ...model.facts.map((fact) => `- ${fact}`), '']
      : []),
    ...(head && 'names' in head
      ? [NAMES_TITLE[head.kind], '', ...head.names.map((name, id) => `${id}. ${oneLine(name)}`), '']
      : []),
  ].join('\n')}`;
}

const NAMES_TITLE = {
  classes: '## Classes, in the order of their probabilities',
  labels: '## Labels, in the order of their probabilities',
  numbers: '## Numbers, in the order of the answer',
} as const;

/** A name may hold line breaks, and what Markdown takes for more than text. */
const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>#|]/g, '\\$&');

function unitsOf({ sampleType }: ExportedModel): string {
  if (sampleType === 'uint8') return ' (0 to 255)';
  return sampleType === 'uint16' ? ' (16 bits divided by 257: 0 to 255)' : '';
}

/** @param first with the channels before the sides, as PyTorch has them */
function shapeText(inputShape: readonly number[], first: boolean): string {
  const [channels, sides] = [inputShape.at(-1)!, inputShape.slice(0, -1)];
  if (sides.length === 0) return `[N, ${channels}]`;
  return `[N, ${(first ? [channels, ...sides] : inputShape).join(', ')}] (${first ? 'channels first' : 'channels last'})`;
}

function outputs({ head }: ExportedModel, format: ExportFormat): string[] {
  const torch = format === 'safetensors';
  const features = torch ? '`model.features(samples)`' : `\`${FEATURES}\``;
  const lines = [`- ${features}: [N, F], what the encoder found in each sample.`];
  if (!head) return lines;
  const name = torch ? '`model(samples)`' : `\`${answerName(head)}\``;
  if (head.kind === 'number') return [...lines, `- ${name}: [N, 1], the number in its own unit.`];
  if (head.kind === 'numbers')
    return [...lines, `- ${name}: [N, ${head.names.length}], each number in its own unit.`];
  const calibrated = head.temperature === 1 ? '' : ', calibrated on validation data';
  const each = head.kind === 'labels' ? 'label, by itself' : 'class';
  return [...lines, `- ${name}: [N, ${head.names.length}], the probability of each ${each}${calibrated}.`];
}

function example(model: ExportedModel, format: ExportFormat): string[] {
  const { head, inputShape } = model;
  const names = [FEATURES, ...(head ? [answerName(head)] : [])];
  const shape = `[2, ${inputShape.join(', ')}]`;
  const quoted = names.map((name) => `"${name}"`).join(', ');
  if (format === 'safetensors')
    return code('python', [
      '# pip install torch safetensors; run where model.py lies',
      'import torch',
      'from model import load, INPUT_SHAPE',
      '',
      'model = load()',
      'samples = torch.zeros(2, *INPUT_SHAPE)  # yours',
      'with torch.inference_mode():',
      '    print(model.features(samples).shape)',
      ...(head ? ['    print(model(samples))'] : []),
    ]);
  if (format === 'onnx')
    return code('python', [
      '# pip install onnxruntime',
      'import numpy as np',
      'import onnxruntime',
      '',
      'session = onnxruntime.InferenceSession("model.onnx")',
      `samples = np.zeros(${shape}, np.float32)  # yours`,
      `${names.join(', ')}${names.length === 1 ? ',' : ''} = session.run([${quoted}], {"${INPUT}": samples})`,
      `print(${names.at(-1)})`,
    ]);
  if (format === 'saved-model')
    return code('python', [
      '# pip install tensorflow; run in the folder of saved_model.pb',
      'import tensorflow as tf',
      '',
      'model = tf.saved_model.load(".")',
      `samples = tf.zeros(${shape})  # yours`,
      `answers = model.signatures["serving_default"](${INPUT}=samples)`,
      `print(answers["${names.at(-1)}"])`,
    ]);
  return [
    'In a page: `const model = await tf.loadGraphModel("model.json")`. In Node:',
    '',
    ...code('js', [
      '// npm install @tensorflow/tfjs; run in the folder of model.json, as a file that ends in .mjs',
      "import { readFileSync } from 'node:fs';",
      "import * as tf from '@tensorflow/tfjs';",
      '',
      "const { weightsManifest, ...model } = JSON.parse(readFileSync('model.json', 'utf8'));",
      'const bytes = Buffer.concat(weightsManifest[0].paths.map((path) => readFileSync(path)));',
      'const artifacts = { ...model, weightSpecs: weightsManifest[0].weights, weightData: new Uint8Array(bytes).buffer };',
      'const network = await tf.loadGraphModel(tf.io.fromMemory(artifacts));',
      `const samples = tf.zeros(${shape}); // yours`,
      `const answers = network.execute({ ${INPUT}: samples }, [${names.map((name) => `'${name}'`).join(', ')}]);`,
      '[answers].flat().at(-1).print();',
    ]),
  ];
}

const code = (language: string, lines: string[]) => [`\`\`\`${language}`, ...lines, '```'];
