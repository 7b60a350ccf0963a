/** How an action of the contract begins. */
import { oc } from '@orpc/contract';
import { failureSchema } from '../errors.ts';

export const action = oc.errors({
  FAILURE: { status: 400, message: 'The request could not be done.', data: failureSchema },
});
