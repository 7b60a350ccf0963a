/** What every handler starts from: the contract, the service it works on, and failures as data. */
import { implement, ORPCError } from '@orpc/server';
import { PretextError, toFailure, type Failure } from '../../contract/errors.ts';
import { contract } from '../../contract/messages/rpc.ts';
import type { ReadableProject } from '../../project/index.ts';
import type { Actions } from '../requests.ts';

export interface Context {
  actions: Actions;
}

/** Expected errors travel as `FAILURE`; bugs are logged with their stack and travel without it. */
export const answer = implement(contract)
  .$context<Context>()
  .use(async ({ context, next, path }) => {
    try {
      return await next();
    } catch (thrown) {
      // An aborted subscription is no failure.
      if (thrown instanceof Error && thrown.name === 'AbortError') throw thrown;
      const failure = failureOf(thrown, context.actions.project);
      if (failure.code === 'internal' || isOddAnswer(thrown))
        context.actions.log.error({ err: thrown, path }, 'a request failed');
      throw new ORPCError('FAILURE', { status: 400, message: failure.message, data: failure });
    }
  });

function failureOf(thrown: unknown, project: ReadableProject): Failure {
  if (project.readOnly && (thrown as { code?: unknown }).code === 'SQLITE_READONLY')
    return onlyForReading(project);
  if (!(thrown instanceof ORPCError)) return toFailure(thrown);
  if (isOddAnswer(thrown)) return oddEntry(thrown, project);
  const issues = (thrown.data as { issues?: { path?: unknown[]; message: string }[] } | undefined)?.issues;
  if (thrown.code !== 'BAD_REQUEST' || !issues?.[0]) return toFailure(thrown);
  const { path = [], message } = issues[0];
  return new PretextError({
    code: 'request.invalid',
    message: `${path.map(String).join('.') || 'The request'}: ${message}`,
  }).failure;
}

function onlyForReading({ folder }: ReadableProject): Failure {
  return {
    code: 'project.read-only',
    message: 'This project may only be read: nothing in it can be changed.',
    place: folder,
    remedy:
      'Change the permissions of its folder, or copy it to a disk that can be written to, and open it there.',
  };
}

interface OddAnswer extends Error {
  cause: { issues: { path?: unknown[]; message: string }[] };
}

/** What was read from the database does not fit the contract. */
function isOddAnswer(thrown: unknown): thrown is OddAnswer {
  const { cause, message } = thrown as { cause?: { issues?: unknown }; message?: string };
  return (message?.startsWith('Output validation failed') ?? false) && Array.isArray(cause?.issues);
}

/** A wrong bit in a text passes every check of SQLite. */
function oddEntry({ cause }: OddAnswer, { folder }: ReadableProject): Failure {
  const [issue] = cause.issues;
  const entry = issue?.path?.map(String).join('.');
  return {
    code: 'project.broken',
    message: `project.db holds something that the program does not write${entry ? ` (${entry}: ${issue?.message})` : ''}: it may be damaged.`,
    place: folder,
    remedy:
      'Let the project be checked, and put it back from a backup if it is damaged. If it happens with a new project as well, please report it with its log.',
  };
}
