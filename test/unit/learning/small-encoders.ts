/** Options of each family that make it quick: eager runs of every task on every encoder take seconds. */
const options: Record<string, Record<string, unknown>> = {
  residual: { width: 8, features: 16, stages: 2 },
  plain: { width: 8, features: 16, stages: 2 },
  convnext: { width: 8, features: 16, stages: 2, kernelSize: 3 },
  'ft-transformer': { width: 8, depth: 2, heads: 2 },
  vit: { width: 16, depth: 2, heads: 2, patch: 4 },
};

export function smallOptionsOf(family: string): Record<string, unknown> {
  const found = options[family];
  if (!found) throw new Error(`Give the encoder ${family} small options in small-encoders.ts.`);
  return found;
}
