import { expect, it } from 'vitest';
import { serverMessages } from '../../../src/tensor/server.ts';

const meeting = { addresses: ['lab1:7700', 'lab2.example:17700'], rank: 1, threads: 4 };

/* As TensorFlow's own classes in Python write them:

   cfg = config_pb2.ConfigProto(intra_op_parallelism_threads=4, inter_op_parallelism_threads=4,
                                device_filters=['/job:worker/task:1'])
   cfg.experimental.collective_group_leader = '/job:worker/replica:0/task:0'
   tensorflow_server_pb2.ServerDef(job_name='worker', task_index=1, protocol='grpc', default_session_config=cfg, cluster=…) */
const CONFIG =
  '100422122f6a6f623a776f726b65722f7461736b3a31280482011e0a1c2f6a6f623a776f726b65722f7265706c6963613a302f7461736b3a30';
const TASKS = ['120d080012096c6162313a37373030', '1216080112126c6162322e6578616d706c653a3137373030'];
const definition = (tasks: readonly string[]) =>
  `0a310a2f0a06776f726b6572${tasks.join('')}1206776f726b657218012239${CONFIG}2a0467727063`;

it('writes what TensorFlow is told of the processes as TensorFlow would', () => {
  const written = serverMessages(meeting);
  expect(written.config).toBe(CONFIG);
  // A map: the order of its entries means nothing.
  expect([definition(TASKS), definition(TASKS.toReversed())]).toContain(written.definition);
});
