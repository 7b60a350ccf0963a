/** The engines that bundles can be handed to; another one is a file and a line here. */
import type { EngineId } from '../../contract/elsewhere/engine.ts';
import { slurm } from './slurm.ts';
import { ssh } from './ssh.ts';
import type { Engine } from './types.ts';

export const ENGINES: Record<EngineId, Engine> = { slurm, ssh };
