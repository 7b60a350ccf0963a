/** A project's service from the outside: started, spoken to over the contract, ended. */
import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { failureSchema, PretextError, type Failure } from '../contract/errors.ts';
import { watchForCrash } from '../host/crash-watch.ts';
import { serviceNoticeSchema, type HostedExit, type ProcessHost } from '../contract/messages/host.ts';
import type { RepairReport } from '../contract/repair.ts';
import type { Contract } from '../contract/messages/rpc.ts';

export type Client = ContractRouterClient<Contract>;

export interface ServiceClient {
  client: Client;
  name: string;
  folder: string;
  /** Resolves when the service is gone, whoever ended it. */
  exited: Promise<HostedExit>;
  /** What the repair saved, where one was asked for. */
  repair: RepairReport | null;
  /** Why the service ended by itself, once it has said so. */
  lost(): Failure | null;
  /** Lets the service finish what it must (checkpoints) and end. */
  close(): Promise<void>;
}

export interface ServiceRequest {
  folder: string;
  /** Makes the project first; empty: with the folder's name. */
  createName?: string;
  /** Repairs its database first. */
  repair?: boolean;
  /** `off`: for a look or a single change; the queue is not run. */
  queue?: 'on' | 'off';
}

/** Starts a service and waits until it is ready. Throws a PretextError when it cannot open the project. */
export async function connectService(host: ProcessHost, request: ServiceRequest): Promise<ServiceClient> {
  const { folder, createName, repair = false, queue = 'on' } = request;
  const more = [
    ...(createName === undefined ? [] : ['--create', createName]),
    ...(repair ? ['--repair'] : []),
  ];
  const hosted = host.start('service', { arguments: ['--project', folder, ...more, '--queue', queue] });
  const crash = watchForCrash(hosted, 'service');
  const exited = new Promise<HostedExit>((resolve) => hosted.onExit(resolve));
  const notice = await new Promise<unknown>((resolve, reject) => {
    hosted.onMessage(resolve);
    void exited.then(({ lastOutput }) => reject(serviceDied(folder, lastOutput)));
  });
  const ready = serviceNoticeSchema.parse(notice);
  if (ready.type !== 'ready') {
    crash.asked();
    hosted.end();
    throw new PretextError(ready.failure);
  }
  let lost: Failure | null = null;
  hosted.onMessage((message) => {
    const later = serviceNoticeSchema.safeParse(message);
    if (!later.success || later.data.type !== 'lost') return;
    lost = later.data.failure;
    crash.asked();
  });
  const client: Client = createORPCClient(new RPCLink({ port: hosted.openPort() }));
  return {
    client,
    name: ready.name,
    folder: ready.directory,
    exited,
    repair: ready.repair ?? null,
    lost: () => lost,
    async close() {
      crash.asked();
      hosted.end();
      await exited;
    },
  };
}

/** What a call threw, as an error that says what to do where there is something to do. */
export function fromCall(thrown: unknown): unknown {
  if (!(thrown instanceof ORPCError)) return thrown;
  const failure = failureSchema.safeParse(thrown.data);
  return failure.success ? new PretextError(failure.data) : thrown;
}

function serviceDied(folder: string, lastOutput: string): PretextError {
  return new PretextError({
    code: 'service.died',
    message: `The project's service ended while it started: ${lastOutput.trim().split('\n').at(-1) || 'it said nothing'}`,
    place: folder,
    remedy: 'Try again; `pretext doctor` tells what is missing on this machine.',
  });
}
