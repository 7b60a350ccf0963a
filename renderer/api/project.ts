/** The typed client of a project service, over the port that the shell delivers. The one file that touches the port. */
import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { failureSchema, type Failure } from '../../src/contract/errors.ts';
import type { Contract } from '../../src/contract/messages/rpc.ts';

export type ProjectClient = ContractRouterClient<Contract>;

export function connectProject(port: MessagePort): ProjectClient {
  const client: ProjectClient = createORPCClient(new RPCLink({ port }));
  port.start();
  return client;
}

/** What went wrong as data, whatever was thrown. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ORPCError) {
    const known = failureSchema.safeParse(error.data);
    if (known.success) return known.data;
  }
  const own = failureSchema.safeParse((error as { failure?: unknown } | null)?.failure);
  if (own.success) return own.data;
  return {
    code: 'internal',
    message: error instanceof Error ? error.message : String(error),
    remedy: 'Try again. If it happens again, please report it with the log file of the project.',
  };
}
