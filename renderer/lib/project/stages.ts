/** Where the project stands in the three stages: what is ready, running or missing. */
import type { Dataset, ImportProgress, Run, Study } from '../../../src/contract/entities.ts';
import { runIs } from '../../../src/contract/status.ts';

export type StageId = 'data' | 'pretext' | 'transfer' | 'finetune' | 'compare';
export type StageState = 'ready' | 'running' | 'missing' | 'failed';
export interface Stage {
  id: StageId;
  title: string;
  state: StageState;
  /** One short fact for the bar: "4,708 samples", "2 runs". */
  note: string;
}
export interface StageInput {
  datasets: readonly Dataset[];
  imports: readonly ImportProgress[];
  runs: readonly Run[];
  studies: readonly Study[];
}

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

function ofRuns(runs: readonly Run[]): Pick<Stage, 'state' | 'note'> {
  const done = runs.filter((run) => run.status === 'done').length;
  if (runs.some((run) => run.status === 'running')) return { state: 'running', note: 'running' };
  if (done > 0) return { state: 'ready', note: plural(done, 'run') };
  if (runs.some((run) => runIs('waiting', run))) return { state: 'missing', note: 'waiting' };
  if (runs.some((run) => run.status === 'paused')) return { state: 'missing', note: 'paused' };
  if (runs.some((run) => run.status === 'failed')) return { state: 'failed', note: 'failed' };
  return { state: 'missing', note: 'not yet' };
}

function ofData({ datasets, imports }: StageInput): Pick<Stage, 'state' | 'note'> {
  if (imports.length > 0) return { state: 'running', note: 'importing' };
  if (datasets.length === 0) return { state: 'missing', note: 'no data' };
  return { state: 'ready', note: plural(datasets.length, 'dataset') };
}

function ofComparisons({ studies, runs }: StageInput): Pick<Stage, 'state' | 'note'> {
  const compared = studies.filter((study) => study.recipe.finetune);
  const done = compared.filter((study) => study.status === 'done').length;
  if (done > 0) return { state: 'ready', note: plural(done, 'answer') };
  const partial = runs.some((run) => run.kind === 'finetune' && run.status === 'done');
  if (compared.some((study) => study.status === 'running' || study.status === 'interrupted'))
    return { state: partial ? 'running' : 'missing', note: partial ? 'filling' : 'not yet' };
  if (compared.some((study) => study.status === 'failed')) return { state: 'failed', note: 'failed' };
  return { state: 'missing', note: 'not yet' };
}

export function stagesOf(input: StageInput): Stage[] {
  const pretext = input.runs.filter((run) => run.kind === 'pretext');
  const finetune = input.runs.filter((run) => run.kind === 'finetune');
  const transferred = finetune.filter((run) => run.checkpointId !== null && run.startedAt !== null).length;
  return [
    { id: 'data', title: 'Data', ...ofData(input) },
    { id: 'pretext', title: 'Pretext', ...ofRuns(pretext) },
    {
      id: 'transfer',
      title: 'Transfer',
      state: transferred > 0 ? 'ready' : 'missing',
      note: transferred > 0 ? plural(transferred, 'transfer') : 'not yet',
    },
    { id: 'finetune', title: 'Fine-tune', ...ofRuns(finetune) },
    { id: 'compare', title: 'Compare', ...ofComparisons(input) },
  ];
}
