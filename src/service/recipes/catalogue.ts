/** The catalogue: everything a form or a help text needs to know, as data. */
import { z } from 'zod';
import type { Catalogue, JsonSchema } from '../../contract/catalogue.ts';
import { smoothingSchema } from '../../contract/model/stretches.ts';
import { finetuneSchema, importSchema, pretextSchema, recipeSchema } from '../../contract/recipe/recipe.ts';
import { tournamentSchema } from '../../contract/recipe/tournament.ts';
import { describeReaders } from '../../data/catalogue.ts';
import { describeEncoders, describePretextTasks } from '../../learning/catalogue.ts';

const inputSchema = (schema: z.ZodType) =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;

export function buildCatalogue(): Catalogue {
  return {
    readers: describeReaders(),
    encoders: describeEncoders(),
    tasks: describePretextTasks(),
    recipe: {
      pretext: inputSchema(pretextSchema),
      tournament: inputSchema(tournamentSchema),
      finetune: inputSchema(finetuneSchema),
      import: inputSchema(importSchema),
      whole: inputSchema(recipeSchema),
    },
    smoothing: inputSchema(smoothingSchema),
  };
}
