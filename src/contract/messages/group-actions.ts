/** Actions about the groups of a dataset. */
import { z } from 'zod';
import { action } from './action.ts';
import { idSchema } from '../entities.ts';
import { OWN_GROUPS } from '../recipe/folds.ts';

export const groupActions = {
  /** Names of its groups, or of what they come from (`by`), as people count. */
  groups: action
    .input(
      z.object({
        datasetId: idSchema,
        by: z.string().default(OWN_GROUPS),
        offset: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(500).default(100),
      }),
    )
    .output(
      z.object({
        total: z.number().int(),
        groups: z.array(z.object({ name: z.string(), samples: z.number().int() })),
      }),
    ),
};
