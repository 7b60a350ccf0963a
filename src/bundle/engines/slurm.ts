/**
 * Slurm: job arrays, one task a job. A task that is asked to end (its time limit, pre-emption) writes a checkpoint and is
 * queued again; one whose node is lost is queued again by Slurm itself.
 */
import type { Engine, EngineScript, EngineTask } from './types.ts';
import { fromRanges, toRanges } from '../../contract/elsewhere/ranges.ts';
import { quoted } from './shell.ts';
import { PAUSED_STATUS } from '../../contract/elsewhere/bundle.ts';

/** Slurm's own default for the largest number in an array is 1000. */
const MOST_IN_ARRAY = 1000;
/** Seconds before the time limit at which a checkpoint is asked for. */
const WARNING_SECONDS = 120;

export const slurm: Engine = {
  id: 'slurm',
  title: 'Slurm',
  program: 'sbatch',
  wishes: ['partition', 'account', 'limit', 'minutes', 'memoryMiB', 'gpus', 'command'],
  scripts: (task) => [taskScript(task), submitScript(task), cancelScript()],
  states:
    'sacct --noheader --parsable2 --format=JobID,State,ExitCode,NodeList,Elapsed --jobs="$(paste -sd, engine/submitted.txt)"',
  open: 'squeue --noheader --array --format=%i --jobs="$(paste -sd, engine/submitted.txt)" 2>/dev/null || true',
};

function taskScript({ folder, command }: EngineTask): EngineScript {
  return {
    name: 'task.sh',
    text: `#!/bin/sh
# One task of an array: computes one job of the bundle.
index=$((SLURM_ARRAY_TASK_ID + \${PRETEXT_OFFSET:-0}))
${command} job run ${quoted(folder)} "$index" &
worker=$!
# Asked to end, the worker writes a checkpoint first. Shortly before the time limit this is USR1, and the task is to go on
# later; TERM comes from who cancels it, or from a pre-emption after which Slurm queues it again by itself.
again=
trap 'again=yes; kill -TERM "$worker" 2>/dev/null' USR1
trap 'kill -TERM "$worker" 2>/dev/null' TERM
wait "$worker"
status=$?
while kill -0 "$worker" 2>/dev/null; do
  wait "$worker"
  status=$?
done
if [ "$status" -eq ${PAUSED_STATUS} ] && [ -n "$again" ]; then
  scontrol requeue "\${SLURM_ARRAY_JOB_ID}_\${SLURM_ARRAY_TASK_ID}"
  sleep 30
fi
exit "$status"
`,
  };
}

function submitScript({ bundle, folder, wishes }: EngineTask): EngineScript {
  const options = [
    `--job-name=${quoted(`pretext-${bundle.id}`)}`,
    `--chdir=${quoted(folder)}`,
    `--output=${quoted(`${folder}/engine/logs/%A_%a.log`)}`,
    '--open-mode=append',
    '--requeue',
    `--signal=B:USR1@${WARNING_SECONDS}`,
    '--nodes=1',
    '--ntasks=1',
    `--cpus-per-task=${bundle.threads}`,
    ...(wishes.partition ? [`--partition=${wishes.partition}`] : []),
    ...(wishes.account ? [`--account=${wishes.account}`] : []),
    ...timeOf(bundle.resources.minutes ?? wishes.minutes),
    ...memoryOf(wishes.memoryMiB ?? bundle.resources.memoryMiB),
    ...(wishes.gpus ? [`--gpus=${wishes.gpus}`] : []),
  ];
  const limit = wishes.limit ? `%${wishes.limit}` : '';
  const calls = bundle.stages.flatMap((stage, at) => {
    const dependency = at > 0 ? ' ${before:+--dependency=afterany:$before}' : '';
    return [
      at === 0 ? '# What needs nothing before it.' : '# What begins with weights that the jobs above make.',
      'ids=',
      ...chunksOf(fromRanges(stage, bundle.jobs)).map(
        ({ offset, list }) => `submit ${offset} ${list}${limit}${dependency}`,
      ),
      'before=$ids',
    ];
  });
  return {
    name: 'submit.sh',
    text: `#!/bin/sh
# Hands all jobs of the bundle to Slurm, or those that are named: submit.sh 3,7-9
set -eu
cd ${quoted(folder)}
mkdir -p engine/logs
before=
ids=
submit() {
  offset=$1
  list=$2
  shift 2
  id=$(PRETEXT_OFFSET=$offset sbatch --parsable --export=ALL --array="$list" "$@" \\
    ${options.join(' \\\n    ')} \\
    engine/task.sh)
  id=\${id%%;*}
  echo "$id" >> engine/submitted.txt
  echo "$id"
  ids=\${ids:+$ids:}$id
}
if [ $# -gt 0 ]; then
  submit 0 "$1"
  exit
fi
${calls.join('\n')}
`,
  };
}

/** Numbers of one array must stay below Slurm's limit: larger ones are counted from an offset. */
function chunksOf(numbers: readonly number[]): { offset: number; list: string }[] {
  const chunks = new Map<number, number[]>();
  for (const number of numbers) {
    const offset = Math.floor((number - 1) / MOST_IN_ARRAY) * MOST_IN_ARRAY;
    chunks.set(offset, [...(chunks.get(offset) ?? []), number - offset]);
  }
  return [...chunks].map(([offset, list]) => ({ offset, list: toRanges(list) }));
}

const timeOf = (minutes: number | undefined) => (minutes ? [`--time=${minutes}`] : []);
/** What is not tensors is in the estimate; a fifth more leaves room for the system's own caches. */
const memoryOf = (mebibytes: number | null) => (mebibytes ? [`--mem=${Math.ceil(mebibytes * 1.2)}M`] : []);

function cancelScript(): EngineScript {
  return {
    name: 'cancel.sh',
    text: `#!/bin/sh
# Takes all jobs of the bundle back from Slurm; what they have written stays.
set -eu
cd "$(dirname "$0")/.."
[ -f engine/submitted.txt ] && xargs scancel < engine/submitted.txt
`,
  };
}
