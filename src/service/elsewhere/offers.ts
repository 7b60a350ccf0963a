/** Who could compute a study elsewhere: the engines, whether they are on this computer, and what is wished of them. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { z } from 'zod';
import { bundlesBeside, nextBundle } from '../../bundle/beside.ts';
import { ownCommand } from '../../bundle/engines/own-command.ts';
import { ENGINES } from '../../bundle/engines/registry.ts';
import type { JsonSchema } from '../../contract/catalogue.ts';
import type { EngineOffers } from '../../contract/elsewhere/away.ts';
import { engineIdSchema, engineWishesSchema } from '../../contract/elsewhere/engine.ts';
import { readEngineWishes } from '../../machine/engines.ts';

/** @param project the project's folder @throws PretextError `engine.settings` */
export function offerEngines(project: string, studyId: string): EngineOffers {
  const engines = engineIdSchema.options.map((id) => {
    const { title, program, wishes } = ENGINES[id];
    const isHere = isOnPath(program);
    return { id, title, program, isHere, fields: [...wishes], wishes: readEngineWishes(id) };
  });
  const wishes = z.toJSONSchema(engineWishesSchema, { io: 'input' }) as JsonSchema;
  return { engines, wishes, folder: nextBundle(bundlesBeside(project, studyId)), command: ownCommand() };
}

export function isOnPath(program: string, path = process.env['PATH'] ?? ''): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      // Looked for in the next folder.
      return false;
    }
  });
}
