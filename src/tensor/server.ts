/**
 * A server of TensorFlow in this process, through which it computes together with others (kernels/across.ts): its
 * sessions become ones of the server (native/processes.cc).
 */
import { PretextError } from '../contract/errors.ts';
import { nativeBackend } from './backend.ts';
import { attribute } from './native.ts';

export interface Meeting {
  /** `host:port` of every process, each once, in the same order everywhere. */
  addresses: readonly string[];
  /** Which of them this process is. */
  rank: number;
  /** Processor threads of this process. */
  threads: number;
}

/** What TensorFlow calls all of them together. */
const JOB = 'worker';

/**
 * Opens this process's port. Programs that are compiled afterwards can look across all processes.
 *
 * The port is open to every machine that can reach this one, without a password: TensorFlow knows no other way.
 *
 * @throws PretextError `processes.port` where the port cannot be opened, `processes.unknown` where the addon was built
 *   without it
 */
export function startServer(meeting: Meeting): void {
  const { addresses, rank } = meeting;
  const { binding } = nativeBackend();
  const { definition, config } = serverMessages(meeting);
  const attributes = [attribute.string('definition', definition), attribute.string('config', config)];
  try {
    for (const { id } of binding.executeOp('PretextStartServer', attributes, [], 1)) binding.deleteTensor(id);
  } catch (error) {
    throw failure(error as Error, addresses[rank]!);
  }
}

function failure({ message }: Error, address: string): PretextError {
  if (/not registered|NOT_FOUND|Op type/i.test(message))
    return new PretextError({
      code: 'processes.unknown',
      message: 'This build of the program cannot compute one run on several processes.',
      place: 'device.processes',
      remedy: 'Leave it out, or use the program on Linux or macOS.',
    });
  return new PretextError({
    code: 'processes.port',
    message: `The port of ${address} could not be opened: ${message}`,
    place: address,
    remedy: 'Choose another port, or end the program that has it.',
  });
}

/** A tensorflow.ServerDef and the tensorflow.ConfigProto of its sessions, in hexadecimal digits. */
export function serverMessages(meeting: Meeting): { definition: string; config: string } {
  const { addresses, rank } = meeting;
  const config = sessionConfig(meeting);
  return { definition: hex(serverDefinition(addresses, rank, config)), config: hex(config) };
}

/* The few fields of TensorFlow's messages that are used (tensorflow/core/protobuf/config.proto, cluster.proto and
   tensorflow_server.proto), written by hand: the numbers are those of the fields. */

const sessionConfig = ({ rank, threads }: Meeting): number[] => [
  ...number(2, threads), // intra_op_parallelism_threads
  ...text(4, `/job:${JOB}/task:${rank}`), // device_filters: no session looks for devices of others
  ...number(5, threads > 2 ? threads : 2), // inter_op_parallelism_threads
  ...bytes(16, text(1, `/job:${JOB}/replica:0/task:0`)), // experimental.collective_group_leader
];

function serverDefinition(addresses: readonly string[], rank: number, config: number[]): number[] {
  const tasks = addresses.flatMap((address, task) => bytes(2, [...number(1, task), ...text(2, address)]));
  return [
    ...bytes(1, bytes(1, [...text(1, JOB), ...tasks])), // cluster
    ...text(2, JOB), // job_name
    ...number(3, rank), // task_index
    ...bytes(4, config), // default_session_config
    ...text(5, 'grpc'), // protocol
  ];
}

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
const number = (field: number, value: number): number[] => [...varint(field << 3), ...varint(value)];
const bytes = (field: number, content: number[]): number[] => [
  ...varint((field << 3) | 2),
  ...varint(content.length),
  ...content,
];
const text = (field: number, value: string): number[] => bytes(field, [...Buffer.from(value, 'utf8')]);
const hex = (content: number[]): string => Buffer.from(content).toString('hex');
