/**
 * Slurm: job arrays, one task a job. A task that is asked to end (its time limit, pre-emption) writes a checkpoint and is
 * queued again; one whose node is lost is queued again by Slurm itself.
 */
import type { Engine, EngineScript, EngineTask } from './types.ts';
import { fromRanges, toRanges } from '../../contract/elsewhere/ranges.ts';
import { quoted } from '../../machine/shell.ts';
import { spreadOf, spreadScripts, type Spread } from './slurm-nodes.ts';
import { AS_ASKED, INDEX, QUEUED_AGAIN } from './slurm-task.ts';
import { limitsOf, type Limits } from './slurm-limits.ts';
import { namedOf, stageFiles } from './stages.ts';

/** Slurm's own default for the largest number in an array is 1000. */
const MOST_IN_ARRAY = 1000;
export const slurm: Engine = {
  id: 'slurm',
  title: 'Slurm',
  program: 'sbatch',
  wishes: ['partition', 'account', 'limit', 'minutes', 'memoryMiB', 'gpus', 'nodes', 'command'],
  scripts(task) {
    const spread = spreadOf(task);
    return [
      taskScript(task),
      submitScript(task, spread),
      cancelScript(),
      ...stageFiles(task),
      ...(spread ? spreadScripts(task, spread) : []),
    ];
  },
  mark: 'submitted.txt',
  states:
    'sacct --noheader --parsable2 --format=JobID,State,ExitCode,NodeList,Elapsed --jobs="$(paste -sd, engine/submitted.txt)"',
  open: 'squeue --noheader --array --format=%i --jobs="$(paste -sd, engine/submitted.txt)" 2>/dev/null || true',
};

function taskScript({ folder, command }: EngineTask): EngineScript {
  return {
    name: 'task.sh',
    text: `#!/bin/sh
# One task of an array: computes one job of the bundle.
${INDEX}
${AS_ASKED('kill -TERM "$work" 2>/dev/null')}
${command} job run ${quoted(folder)} "$index" &
${QUEUED_AGAIN}
`,
  };
}

function submitScript(task: EngineTask, spread: Spread | null): EngineScript {
  const { bundle, folder, wishes } = task;
  const memory = wishes.memoryMiB ?? bundle.resources.memoryMiB;
  const options = [
    `--job-name=${quoted(`pretext-${bundle.id}`)}`,
    `--chdir=${quoted(folder)}`,
    `--output=${quoted(`${folder}/engine/logs/%A_%a.log`)}`,
    '--open-mode=append',
    '--requeue',
    `--cpus-per-task=${bundle.threads}`,
    ...(wishes.partition ? [`--partition=${wishes.partition}`] : []),
    ...(wishes.account ? [`--account=${wishes.account}`] : []),
  ];
  const limits = limitsOf(task);
  const alone = [
    '--nodes=1',
    '--ntasks=1',
    ...memoryOf(memory, 1),
    ...(wishes.gpus ? [`--gpus=${wishes.gpus}`] : []),
    'engine/task.sh',
  ];
  const functions = [`submit() { hand_over "$@" ${alone.join(' ')}; }`];
  if (spread) {
    const { nodes, processes, perNode } = spread;
    const apart = [
      `--nodes=${nodes}`,
      `--ntasks=${processes}`,
      `--ntasks-per-node=${perNode}`,
      ...memoryOf(memory, perNode),
      ...(wishes.gpus ? [`--gpus-per-task=${wishes.gpus}`] : []),
      'engine/together.sh',
    ];
    functions.push(
      `# ${processes} processes on ${nodes} nodes compute one job: each opens a port on every network of its node, without a password.`,
      `submit_together() { hand_over "$@" ${apart.join(' ')}; }`,
    );
  }
  return {
    name: 'submit.sh',
    text: `#!/bin/sh
# Hands all jobs of the bundle to Slurm, or those that are named: submit.sh 3,7-9
set -eu
cd ${quoted(folder)}
mkdir -p engine/logs
before=
ids=
limit=
hand_over() {
  offset=$1
  list=$2
  shift 2
  id=$(PRETEXT_OFFSET=$offset sbatch --parsable --export=ALL --array="$list" \\
    ${options.join(' \\\n    ')} \\
    $limit \\
    "$@")
  id=\${id%%;*}
  echo "$id" >> engine/submitted.txt
  echo "$id"
  ids=\${ids:+$ids:}$id
}
${[...limits.functions, ...functions].join('\n')}
# Numbers of one array stay below Slurm's limit: from numbers, one a line, OFFSET:LIST for each array.
arrays() {
  awk '{ at = int(($1 - 1) / ${MOST_IN_ARRAY}) * ${MOST_IN_ARRAY}; list[at] = list[at] (list[at] ? "," : "") ($1 - at) }
    END { for (at in list) print at ":" list[at] }'
}
if [ $# -gt 0 ]; then
${onlyThose(bundle.stages, limits, spread)}
  exit
fi
${callsOf(task, limits, spread).join('\n')}
`,
  };
}

/** Jobs that are named, some of which may be computed by several nodes, and some begin with weights of others. */
function onlyThose(stages: readonly string[], limits: Limits, spread: Spread | null): string {
  const each = (numbers: string, call: string) => `  for array in $(${numbers} | arrays); do
    ${call} "\${array%%:*}" "\${array#*:}" \${before:+--dependency=afterany:$before}
  done`;
  return stages
    .flatMap((_, at) => {
      const named = namedOf(at + 1);
      return [
        '  ids=',
        ...limits.of(at).map((line) => `  ${line}`),
        ...(spread
          ? [
              each(`${named} | grep -Fxf engine/together.txt`, 'submit_together'),
              each(`${named} | grep -vFxf engine/together.txt`, 'submit'),
            ]
          : [each(named, 'submit')]),
        '  before=${ids:-$before}',
      ];
    })
    .join('\n');
}

function callsOf({ bundle, wishes }: EngineTask, limits: Limits, spread: Spread | null): string[] {
  const limit = wishes.limit ? `%${wishes.limit}` : '';
  const apart = new Set(spread?.jobs);
  return bundle.stages.flatMap((stage, at) => {
    const dependency = at > 0 ? ' ${before:+--dependency=afterany:$before}' : '';
    const jobs = fromRanges(stage, bundle.jobs);
    const calls = (name: string, numbers: readonly number[]) =>
      chunksOf(numbers).map(({ offset, list }) => `${name} ${offset} ${list}${limit}${dependency}`);
    return [
      at === 0 ? '# What needs nothing before it.' : '# What begins with weights that the jobs above make.',
      'ids=',
      ...limits.of(at),
      ...calls(
        'submit_together',
        jobs.filter((job) => apart.has(job)),
      ),
      ...calls(
        'submit',
        jobs.filter((job) => !apart.has(job)),
      ),
      'before=$ids',
    ];
  });
}

/** Numbers of one array must stay below Slurm's limit: larger ones are counted from an offset. */
function chunksOf(numbers: readonly number[]): { offset: number; list: string }[] {
  const chunks = new Map<number, number[]>();
  for (const number of numbers) {
    const offset = Math.floor((number - 1) / MOST_IN_ARRAY) * MOST_IN_ARRAY;
    const chunk = chunks.get(offset) ?? [];
    chunk.push(number - offset);
    chunks.set(offset, chunk);
  }
  return [...chunks].map(([offset, list]) => ({ offset, list: toRanges(list) }));
}

/** Of a node. What is not tensors is in the estimate; a fifth more leaves room for the system's own caches. */
const memoryOf = (mebibytes: number | null, processes: number) =>
  mebibytes ? [`--mem=${Math.ceil(mebibytes * 1.2) * processes}M`] : [];

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
