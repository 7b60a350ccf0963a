/** The methods that both sides have, with the same sizes of heads and the same numbers in the loss. */
export interface MethodPair {
  /** Id of this program's task, and name in test/bench/peers/methods.py. */
  method: string;
  /** Options of the task. */
  ours: Record<string, unknown>;
  /** The same in the peer's words. */
  peer: Record<string, unknown>;
  learningRate?: number;
}

const hidden = 256;
const size = 64;

export const methodPairs: readonly MethodPair[] = [
  {
    method: 'simclr',
    ours: { temperature: 0.2, projectionHidden: hidden, projectionSize: size },
    peer: { temperature: 0.2, hidden, size },
  },
];
