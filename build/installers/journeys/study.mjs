// The small study that every journey runs: real images, few steps.

/** @param {string} samples the folder of samples inside the machine */
export const tinyRecipe = (samples) => `format: 1
name: Tiny chest X-rays
data:
  import:
    pneumoniamnist: { path: '${samples}/data/pneumoniamnist', format: image-folder, split: { by: folder } }
  pretrain: [pneumoniamnist]
encoder: { family: residual, options: { width: 8, features: 16 } }
pretext: { task: rotation, epochs: 1, batchSize: 256 }
finetune: { budgets: [{ perClass: 10 }], arms: [pretrained, baseline], seeds: 1, epochs: 3 }
`;

/** What `study run --json` found, in words; throws where it is not a whole result. */
export function readResult(stdout) {
  const { results } = JSON.parse(stdout);
  const scores = results.map(({ arm, metric, test }) => `${arm} ${metric} ${Number(test).toFixed(3)}`);
  if (results.length < 2 || results.some(({ test }) => !Number.isFinite(test)))
    throw new Error(`the study has no scores: ${stdout.slice(0, 500)}`);
  return scores.join(', ');
}

/** The doctor's items that matter here; throws where one of them is not good. */
export function readDoctor(stdout) {
  const { items } = JSON.parse(stdout);
  const state = (id) => items.find((item) => item.id === id)?.state ?? 'missing';
  const states = ['tensorflow', 'sqlite'].map((id) => `${id} ${state(id)}`);
  if (states.some((words) => !words.endsWith(' good'))) throw new Error(states.join(', '));
  return states.join(', ');
}
