/** The encoders of tables as modules of plain PyTorch: one entry a family. Rows enter as they are stored. */
import { binTables } from '../../learning/layers/number-embeddings.ts';
import { tailsOf } from '../../learning/layers/long-tails.ts';
import { columnsOf, partColumns } from '../../learning/layers/row-columns.ts';
import type { SampleDescription } from '../../contract/data/sample-description.ts';
import type { EncoderSource } from './source.ts';
import { residualRowParts, rowParts, tokenRowParts } from './table-parts.ts';

export interface RowFacts {
  shapes: ReadonlyMap<string, readonly number[]>;
  options: Record<string, unknown>;
  inputShape: readonly number[];
  about: SampleDescription;
  /** How many there are of `block0`, `block1`, … */
  countOf(prefix: string): number;
}

const shapeOf = ({ shapes }: RowFacts, name: string): readonly number[] | undefined =>
  shapes.get(`encoder/${name}`);
const dense = (facts: RowFacts, name: string) => shapeOf(facts, `${name}/kernel`) as [number, number];

/** `self.input = Row(…)`. @param tokens width of the tokens; null where rows become one vector each */
function inputLine(facts: RowFacts, tokens: number | null): string {
  const { options, inputShape, about } = facts;
  const columns = columnsOf(inputShape, about);
  const { numbers, categories } = partColumns(columns);
  const code = String(options['numbers']);
  const isEmbedded = code === 'piecewise-linear' || code === 'periodic';
  const width = tokens ?? Number(options['embedding']);
  const bins = code === 'quantile' || code === 'piecewise-linear';
  const asked = [
    JSON.stringify(code),
    numbers.at.length,
    width,
    ...(isEmbedded ? [`inputs=${shapeOf(facts, 'input/numbers/linear/kernel')![1]}`] : []),
    ...(bins ? [`bins=${binsOf(numbers.columns, Number(options['bins']))}`] : []),
    ...(code === 'logarithm' ? [`tails=Tails(${tablesOf(tailsOf(numbers.columns))})`] : []),
    ...(tokens !== null && !isEmbedded ? ['weighs=True'] : []),
    ...(tokens !== null || isEmbedded ? ['replaces=True'] : []),
  ];
  const sizes = categories.columns.map((column) => column.categories.length);
  const parts = [
    `[${numbers.at.join(', ')}]`,
    numbers.at.length > 0 ? `Numbers(${asked.join(', ')})` : 'None',
    `[${categories.at.join(', ')}]`,
    sizes.length > 0 ? `Categories([${sizes.join(', ')}], ${width})` : 'None',
    ...(tokens === null ? [] : [`tokens=${columns.length}`, `width=${tokens}`]),
  ];
  return `self.input = Row(${parts.join(', ')})`;
}

const binsOf = (columns: Parameters<typeof binTables>[0], bins: number): string =>
  `Bins(${tablesOf(binTables(columns, bins))})`;

const tablesOf = (tables: object): string =>
  Object.entries(tables)
    .map(([name, values]) => `${name}=${JSON.stringify(values)}`)
    .join(', ');

function plainTable(facts: RowFacts): EncoderSource {
  const layers = Array.from({ length: facts.countOf('layer') }, (_, place) => {
    const [inputs, outputs] = dense(facts, `layer${place}`);
    return `self.layer${place} = nn.Linear(${inputs}, ${outputs})`;
  });
  return {
    parts: [rowParts],
    setUp: [inputLine(facts, null), ...layers],
    forward: [
      'x = self.input(x)',
      ...layers.map((_, place) => `x = F.relu(self.layer${place}(x))`),
      'return x',
    ],
  };
}

function residualTable(facts: RowFacts): EncoderSource {
  const blocks = Array.from({ length: facts.countOf('block') }, (_, place) => {
    const [width, hidden] = dense(facts, `block${place}/widen`);
    return `self.block${place} = RowBlock(${width}, ${hidden})`;
  });
  const [inputs, width] = dense(facts, 'enter');
  const [, features] = dense(facts, 'leave');
  return {
    parts: [rowParts, residualRowParts],
    setUp: [
      inputLine(facts, null),
      `self.enter = nn.Linear(${inputs}, ${width})`,
      ...blocks,
      `self.norm = nn.BatchNorm1d(${width})`,
      `self.leave = nn.Linear(${width}, ${features})`,
    ],
    forward: [
      'x = self.enter(self.input(x))',
      ...blocks.map((_, place) => `x = self.block${place}(x)`),
      'return F.relu(self.leave(F.relu(self.norm(x))))',
    ],
  };
}

function tokenTable(facts: RowFacts): EncoderSource {
  const [width] = shapeOf(facts, 'class') as [number];
  const blocks = Array.from({ length: facts.countOf('block') }, (_, place) => {
    const [hidden] = dense(facts, `block${place}/mix/narrow`);
    const first = place === 0 ? 'True' : 'False';
    return `self.block${place} = RowBlock(${width}, ${String(facts.options['heads'])}, ${hidden}, ${first})`;
  });
  return {
    parts: [rowParts, tokenRowParts],
    setUp: [
      inputLine(facts, width),
      // A word of Python's own cannot be an attribute that is written down.
      `self.register_parameter("class", nn.Parameter(torch.zeros(${width})))`,
      ...blocks,
      `self.norm = nn.LayerNorm(${width}, eps=1e-6)`,
    ],
    forward: [
      'first = getattr(self, "class").expand(x.shape[0], 1, -1)',
      'x = torch.cat([first, self.input(x)], 1)',
      ...blocks.map((_, place) => `x = self.block${place}(x)`),
      'return F.relu(self.norm(x[:, 0]))',
    ],
  };
}

export const tableFamilies: Readonly<Record<string, (facts: RowFacts) => EncoderSource>> = {
  plain: plainTable,
  residual: residualTable,
  'ft-transformer': tokenTable,
};
