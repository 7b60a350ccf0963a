import { describe, expect, it } from 'vitest';
import { PretextError } from '../../../../src/contract/errors.ts';
import { agreedOn, asLost, wishOf } from '../../../../src/training/pretext/meeting.ts';

const part = { processes: 4, rank: 2 };
const meanOf = (...wishes: number[]) => wishes.reduce((sum, wish) => sum + wish, 0) / part.processes;

describe('what processes agree on', () => {
  it('is what any of them wishes, and the end before a pause', () => {
    const [none, pause, cancel] = [wishOf(null), wishOf('pause'), wishOf('cancel')];
    expect(agreedOn(meanOf(none, none, none, none), part)).toBeNull();
    expect(agreedOn(meanOf(none, none, pause, none), part)).toBe('pause');
    expect(agreedOn(meanOf(pause, pause, pause, pause), part)).toBe('pause');
    expect(agreedOn(meanOf(pause, none, cancel, none), part)).toBe('cancel');
  });
});

describe('the loss of a process', () => {
  const addresses = ['lab1:7700', 'lab2:7700'];

  it('is told with the place of the one that is gone, and what to do', () => {
    // As TensorFlow 2.21 says it.
    const told = asLost(
      new Error(
        'Session fail to run with error: From /job:worker/replica:0/task:0:\nCollective ops is aborted by: recvmsg:Connection reset by peer\nAdditional GRPC error information from remote target /job:worker/replica:0/task:1 while calling /tensorflow.WorkerService/RecvBuf:',
      ),
      addresses,
    );
    expect(told).toBeInstanceOf(PretextError);
    expect((told as PretextError).failure).toMatchObject({
      code: 'processes.lost',
      place: 'lab2:7700',
      message: expect.stringMatching(/lab2:7700 has ended.*Connection reset by peer$/),
      remedy: expect.stringMatching(/last checkpoint/),
    });
  });

  it('leaves other errors as they are', () => {
    const other = new Error('MatMul needs two matrices');
    expect(asLost(other, addresses)).toBe(other);
  });
});
