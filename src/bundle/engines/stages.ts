/** Which jobs begin with weights that others make, for scripts that hand over some of them. */
import { fromRanges } from '../../contract/elsewhere/ranges.ts';
import { NUMBERS } from '../../machine/shell.ts';
import type { EngineScript, EngineTask } from './types.ts';

const nameOf = (stage: number) => `stage-${stage}.txt`;

/** A file for each stage with its jobs, one a line. */
export const stageFiles = ({ bundle }: Pick<EngineTask, 'bundle'>): EngineScript[] =>
  bundle.stages.map((stage, at) => ({
    name: nameOf(at + 1),
    text: `${fromRanges(stage, bundle.jobs).join('\n')}\n`,
  }));

/** A command that prints which of the jobs that `$1` lists are of a stage, one a line. */
export const namedOf = (stage: number): string =>
  `echo "$1" | ${NUMBERS} | grep -Fxf engine/${nameOf(stage)}`;
