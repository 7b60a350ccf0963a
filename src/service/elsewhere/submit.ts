/** Hands a bundle to an engine, which goes on when this program ends. */
import { handOverForGood, writeScripts } from '../../bundle/engines/hand-over.ts';
import { readBundle } from '../../bundle/files.ts';
import type { SubmitReport, SubmitWish } from '../../contract/elsewhere/away.ts';
import { rememberEngineWishes } from '../../machine/engines.ts';
import { noteEngine, type WritableProject } from '../../project/index.ts';

/** @throws PretextError where scripts lack something, or the engine refuses */
export async function submitBundle(
  project: WritableProject,
  { folder, engine, wishes, only, scriptsOnly, remember }: SubmitWish,
): Promise<SubmitReport> {
  const { id } = readBundle(folder);
  const scripts = wishes ? writeScripts(folder, engine, wishes) : [];
  if (wishes && remember) rememberEngineWishes(engine, wishes);
  if (scriptsOnly) return { words: '', scripts };
  const words = await handOverForGood(folder, only);
  noteEngine(project, id, engine);
  return { words, scripts };
}
