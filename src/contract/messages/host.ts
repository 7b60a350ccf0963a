/**
 * The process host: how one process starts another, wherever the program runs.
 *
 * Under Electron 35 and later the service and the trainers are utility processes; under the command line, in
 * tests and on older Electrons they are plain Node processes. Whoever starts one sees `ProcessHost`, whoever
 * was started sees `ParentChannel` (parent-channel.ts), and neither knows which kind it is.
 */
import { z } from 'zod';
import { failureSchema } from '../errors.ts';
import { repairReportSchema } from '../repair.ts';

/** What can be started: one service per open project, one trainer per active run, a trial of TensorFlow for the doctor. */
export type HostEntry = 'service' | 'trainer' | 'try-tensorflow';

export interface HostOptions {
  arguments?: string[];
  /** Added to the environment of the process that starts it. */
  environment?: Record<string, string>;
}

export interface HostedExit {
  /** Exit status; null when a signal ended it. */
  code: number | null;
  /** `SIGKILL` and the like; always null for utility processes, which do not tell. */
  signal: string | null;
  /** The last few thousand characters it wrote to stderr, for the log; empty for processes started through main. */
  lastOutput: string;
}

export interface ProcessHost {
  start(entry: HostEntry, options?: HostOptions): HostedProcess;
}

/** A started process. Messages are copied by structured clone, typed arrays included, and arrive in order. */
export interface HostedProcess {
  send(message: unknown): void;
  /** Messages that arrive before the first listener is added wait for it. Returns how to stop listening. */
  onMessage(listener: (message: unknown) => void): () => void;
  /** Called once, also when it has ended already, and after its last message. */
  onExit(listener: (exit: HostedExit) => void): void;
  /** Closes the channel: the process runs what it has for that (`ParentChannel.onClose`) and ends. */
  end(): void;
  /** Ends it at once, without asking it. */
  kill(): void;
  /** Opens another conversation with it, beside the messages: what the process gets from `onPort`. */
  openPort(): ChannelPort;
}

/**
 * One end of a conversation. Fits what oRPC's message-port adapters expect, and Electron's MessagePortMain.
 * Events: `message` with `{ data }`, `close` without anything.
 */
export interface ChannelPort {
  // The shape is oRPC's, which names the payload `any`.
  // oxlint-disable-next-line no-explicit-any
  on<Event extends string>(event: Event, listener: (event?: { data: any }) => void): void;
  postMessage(data: unknown): void;
  close(): void;
}

/**
 * What a project's service says over its parent channel: once at its start, and when it loses its project. Arguments
 * of a service: `--project DIR`, `--create NAME` to make the project first, `--repair` to repair it first. `PRETEXT_SAMPLES` names the folder of the
 * sample studies where it is not beside the sources.
 */
export const serviceNoticeSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ready'),
    name: z.string(),
    directory: z.string(),
    /** What the repair saved, where one was asked for. */
    repair: repairReportSchema.optional(),
  }),
  z.object({ type: z.literal('failed'), failure: failureSchema }),
  /** Later: the project is out of reach, and the service ends. */
  z.object({ type: z.literal('lost'), failure: failureSchema }),
]);
export type ServiceNotice = z.infer<typeof serviceNoticeSchema>;

/** The envelopes that carry all this over one pipe. Only hosts and parent channels handle them. */
export type Envelope =
  | { kind: 'message'; data: unknown }
  | { kind: 'port-open'; port: number }
  | { kind: 'port-data'; port: number; data: unknown }
  | { kind: 'port-close'; port: number };

/** What a utility process asks of main over its parent port, as it cannot start processes of its own kind. */
export type HostRequest =
  { kind: 'start'; id: number; entry: HostEntry; options: HostOptions } | { kind: 'kill'; id: number };

/** What main tells a utility process over its parent port. `uplink`, `port` and `started` carry a MessagePort. */
export type HostNotice =
  | { kind: 'uplink' }
  | { kind: 'port' }
  | { kind: 'started'; id: number }
  | { kind: 'exited'; id: number; exit: HostedExit };
