/** `model.py`: an exported model in plain PyTorch, put together from what its encoder needs. */
import { PretextError } from '../../contract/errors.ts';
import { outputCount, type ExportedHead, type ExportedModel } from '../model.ts';
import { encoderSource } from './encoders.ts';
import { MASKED_NORMALISATION, NORMALISATION } from './parts.ts';
import { masksMissing, statisticsFor } from '../../learning/channels.ts';

export const WEIGHTS_FILE = 'model.safetensors';

/** The text of `model.py`. Run by itself, it answers for samples of zeros. */
export function torchModule(model: ExportedModel, version: string): string {
  if (model.members.length > 1) throw severalMembers(model.members.length);
  const { parts, setUp, forward } = encoderSource(model);
  const { head, inputShape, channelStatistics } = model;
  const features = featureCount(model);
  const [channels, ...sides] = [inputShape.at(-1)!, ...inputShape.slice(0, -1)];
  return [
    docstring(model, version),
    'from collections import OrderedDict',
    'from pathlib import Path',
    '',
    'import torch',
    'import torch.nn.functional as F',
    'from safetensors.torch import load_file',
    'from torch import nn',
    '',
    `INPUT_SHAPE = (${[channels, ...sides].join(', ')},)`,
    ...(head ? headConstants(head, model) : []),
    '',
    ...parts.flatMap((part) => [part.trimEnd(), '']),
    (masksMissing(statisticsFor(channelStatistics, model.about))
      ? MASKED_NORMALISATION
      : NORMALISATION
    ).trimEnd(),
    '',
    '',
    'class Encoder(nn.Module):',
    '    def __init__(self):',
    '        super().__init__()',
    ...setUp.map((line) => `        ${line}`),
    '',
    '    def forward(self, x):',
    ...forward.map((line) => `        ${line}`),
    '',
    '',
    'class Model(nn.Module):',
    `    """Samples [N, ${(sides.length === 0 ? ['D'] : ['C', ...sides.map((_, axis) => (sides.length === 1 ? 'L' : 'HW'[axis]))]).join(', ')}] in stored units to features and answers."""`,
    '',
    '    def __init__(self):',
    '        super().__init__()',
    `        self.normalisation = Normalisation(${channelStatistics.mean.length})`,
    '        self.encoder = Encoder()',
    ...(head ? [`        self.head = nn.Linear(${features}, ${outputCount(head)})`] : []),
    '',
    '    def features(self, samples):',
    '        return self.encoder(self.normalisation(samples))',
    '',
    '    def forward(self, samples):',
    ...forwardLines(head).map((line) => `        ${line}`),
    '',
    '',
    'def load(folder=Path(__file__).parent):',
    '    """The model with its weights, ready to answer."""',
    '    model = Model()',
    `    model.load_state_dict(load_file(Path(folder) / "${WEIGHTS_FILE}"))`,
    '    return model.eval()',
    '',
    '',
    'if __name__ == "__main__":',
    '    with torch.inference_mode():',
    '        print(load()(torch.zeros(2, *INPUT_SHAPE)))',
    '',
  ].join('\n');
}

function docstring({ name, preparation }: ExportedModel, version: string): string {
  const lines = [`${name}, exported by Pretext Studio ${version}.`, ''];
  if (preparation.length > 0)
    lines.push('Before a sample comes here:', ...preparation.map((line) => `- ${line}`), '');
  lines.push('Needs torch and safetensors. See README.md.');
  // A name may hold anything; here it must not end the text.
  return `"""${lines.join('\n').replaceAll('\\', '\\\\').replaceAll('"""', "'''")}\n"""\n`;
}

const headConstants = (head: ExportedHead, { members }: ExportedModel): string[] =>
  'temperature' in head
    ? [`${NAMES[head.kind]} = ${JSON.stringify(head.names)}`, `TEMPERATURE = ${head.temperature}`]
    : head.kind === 'number'
      ? [
          `MEAN, DEVIATION = ${members[0]!.scales?.[0]?.mean ?? 0}, ${members[0]!.scales?.[0]?.deviation ?? 1}`,
        ]
      : [
          `NUMBERS = ${JSON.stringify(head.names)}`,
          `MEAN = torch.tensor([${(members[0]!.scales ?? []).map(({ mean }) => mean).join(', ')}])`,
          `DEVIATION = torch.tensor([${(members[0]!.scales ?? []).map(({ deviation }) => deviation).join(', ')}])`,
        ];

const NAMES = { classes: 'CLASSES', labels: 'LABELS' } as const;

function forwardLines(head: ExportedHead | null): string[] {
  if (!head) return ['return self.features(samples)'];
  if (head.kind === 'classes')
    return [
      '"""Probabilities of CLASSES [N, classes]. For training on, take logits: self.head(self.features(samples))."""',
      'return F.softmax(self.head(self.features(samples)) / TEMPERATURE, dim=1)',
    ];
  if (head.kind === 'labels')
    return [
      '"""Probabilities of LABELS [N, labels], each by itself. For training on, take logits: self.head(self.features(samples))."""',
      'return torch.sigmoid(self.head(self.features(samples)) / TEMPERATURE)',
    ];
  return [
    `"""Numbers in their own unit [N, ${outputCount(head)}]."""`,
    'return self.head(self.features(samples)) * DEVIATION + MEAN',
  ];
}

function featureCount({ members }: ExportedModel): number {
  const kernel = members[0]!.weights['head/kernel'];
  return kernel ? kernel.shape[0]! : 0;
}

function severalMembers(count: number): PretextError {
  return new PretextError({
    code: 'export.members',
    message: `The model averages ${count} networks; model.py holds one.`,
    remedy: 'Export it as ONNX, or export the model of one seed.',
  });
}
