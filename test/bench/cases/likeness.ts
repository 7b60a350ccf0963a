/**
 * `node likeness.ts encoders|views FILE`: reads what the libraries computed, and prints how far ours is from it.
 */
import { readFileSync } from 'node:fs';
import { findEncoder } from '../../../src/learning/encoders/registry.ts';
import { startTensorFlow, tf, type Tensor } from '../../../src/tensor/index.ts';
import { featuresHere, parametersHere, type NetworkCase } from '../../fixtures/signals/networks.ts';
import { viewCases, type ViewFixture } from '../../fixtures/signals/views.ts';
import type { Likeness, Likened } from '../benches/likeness.ts';

const MOST = 1e-4;
/** Whose network it is beside which ours is laid. */
const libraries: Record<string, string> = {
  'eeg-conformer': 'braindecode',
  'inception-time': 'tsai',
  'patch-transformer': 'tsai',
};

const [of, file] = process.argv.slice(2) as [Likened, string];
await startTensorFlow({ threads: 1 });
const theirs: unknown = JSON.parse(readFileSync(file, 'utf8'));
const found =
  of === 'encoders'
    ? (theirs as { cases: NetworkCase[] }).cases.map(ofNetwork)
    : viewCases(theirs as ViewFixture).map(({ name, pair, most }): Likeness => ({
        case: name,
        peerName: 'selfEEG',
        difference: difference(...pair()),
        most,
      }));
process.stdout.write(JSON.stringify(found));

function ofNetwork(network: NetworkCase): Likeness {
  const { title } = findEncoder(network.family, 'signal');
  const parameters = parametersHere(network);
  if (parameters !== network.parameters)
    throw new Error(`${title} has ${parameters} trainable numbers, ${network.parameters} there.`);
  return {
    case: `${title}, features for the same weights, ${parameters} trainable numbers by default`,
    peerName: libraries[network.family] ?? 'selfEEG',
    difference: difference(featuresHere(network), tf.tensor2d(network.features)),
    most: MOST,
  };
}

function difference(ours: Tensor, theirs: Tensor): number {
  if (ours.shape.join() !== theirs.shape.join())
    throw new Error(`Ours is [${ours.shape.join(', ')}], theirs [${theirs.shape.join(', ')}].`);
  return tf.max(tf.abs(tf.sub(ours, theirs))).dataSync()[0]!;
}
