/** What every handler starts from: the contract, the service it works on, and failures as data. */
import { implement, ORPCError } from '@orpc/server';
import { PretextError, toFailure, type Failure } from '../../contract/errors.ts';
import { contract } from '../../contract/rpc.ts';
import type { Actions } from '../requests.ts';

export interface Context {
  actions: Actions;
}

/** Expected errors travel as `FAILURE`; bugs are logged with their stack and travel without it. */
export const os = implement(contract)
  .$context<Context>()
  .use(async ({ context, next, path }) => {
    try {
      return await next();
    } catch (thrown) {
      // An aborted subscription is no failure.
      if (thrown instanceof Error && thrown.name === 'AbortError') throw thrown;
      const failure = failureOf(thrown);
      if (failure.code === 'internal') context.actions.log.error({ err: thrown, path }, 'a request failed');
      throw new ORPCError('FAILURE', { status: 400, message: failure.message, data: failure });
    }
  });

function failureOf(thrown: unknown): Failure {
  if (!(thrown instanceof ORPCError)) return toFailure(thrown);
  const issues = (thrown.data as { issues?: { path?: unknown[]; message: string }[] } | undefined)?.issues;
  if (thrown.code !== 'BAD_REQUEST' || !issues?.[0]) return toFailure(thrown);
  const { path = [], message } = issues[0];
  return new PretextError({
    code: 'request.invalid',
    message: `${path.map(String).join('.') || 'The request'}: ${message}`,
  }).failure;
}
