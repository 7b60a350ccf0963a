/** Asks a process of its own whether TensorFlow starts, and what it computes on. */
import { toFailure } from '../contract/errors.ts';
import { tensorFlowAnswerSchema, type TensorFlowAnswer } from '../contract/machine/doctor.ts';
import type { ProcessHost } from '../contract/messages/host.ts';

/** A process that dies without a word was taken down by the library. */
export function tryTensorFlow(
  host: ProcessHost,
  environment: Record<string, string> = {},
): Promise<TensorFlowAnswer> {
  return new Promise((resolvePromise) => {
    const child = host.start('try-tensorflow', { environment });
    child.onMessage((message) => {
      resolvePromise(tensorFlowAnswerSchema.parse(message));
      child.end();
    });
    child.onExit(({ code, signal, lastOutput }) => {
      const how = signal ? `by ${signal}` : `with status ${code}`;
      const message = `The process that loads TensorFlow ended ${how}. ${lastOutput.trim().split('\n').at(-1) ?? ''}`;
      resolvePromise({ found: false, failure: { ...toFailure(new Error(message)), message } });
    });
  });
}
