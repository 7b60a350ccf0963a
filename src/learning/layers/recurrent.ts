/** Long short-term memory (Hochreiter and Schmidhuber 1997), as PyTorch has it. */
import { multiply, tf, type Tensor } from '../../tensor/index.ts';
import { variable, type Layer, type VariableSpec } from './layer.ts';

/**
 * [N, T, inputs] to the hidden states [N, T, units], from first to last.
 *
 * As PyTorch's it has two biases, which only act as their sum. The gates stand in the order input, forget, cell,
 * output.
 */
export function longShortTermMemory(name: string, inputs: number, units: number): Layer {
  const deviation = 1 / Math.sqrt(units) / Math.sqrt(3);
  const spec = (part: string, shape: number[]): VariableSpec => ({
    name: `${name}/${part}`,
    shape,
    initial: { kind: 'normal', deviation },
  });
  const enter = spec('enter/kernel', [inputs, 4 * units]);
  const enterBias = spec('enter/bias', [4 * units]);
  const again = spec('again/kernel', [units, 4 * units]);
  const againBias = spec('again/bias', [4 * units]);
  return {
    parameters: [enter, enterBias, again, againBias],
    statistics: [],
    apply(x, pass) {
      const [count, steps] = x.shape as [number, number, number];
      const value = (of: VariableSpec) => variable(pass.parameters, of.name);
      const bias = tf.add(value(enterBias), value(againBias));
      const entering = tf.add(multiply(tf.reshape(x, [count * steps, inputs]), value(enter)), bias);
      // TensorFlow.js has no gradient for taking one thing apart.
      const each =
        steps === 1
          ? [entering as Tensor]
          : (tf.unstack(tf.reshape(entering, [count, steps, 4 * units]), 1) as Tensor[]);
      let hidden: Tensor | null = null;
      let cell: Tensor | null = null;
      const states = each.map((own) => {
        const sum: Tensor = hidden ? tf.add(own, multiply(hidden, value(again))) : own;
        const [input, forget, candidate, output] = tf.split(sum, 4, 1) as [Tensor, Tensor, Tensor, Tensor];
        const entered: Tensor = tf.mul(tf.sigmoid(input), tf.tanh(candidate));
        cell = cell ? tf.add(tf.mul(tf.sigmoid(forget), cell), entered) : entered;
        hidden = tf.mul(tf.sigmoid(output), tf.tanh(cell));
        return hidden;
      });
      return tf.stack(states, 1);
    },
  };
}
