/**
 * One pretraining on several nodes of Slurm: as many tasks as processes, started by `srun`, each of which listens on a
 * port of its node that is free there. Only where the settings say on how many nodes, as it opens these ports.
 */
import { fromRanges } from '../../contract/elsewhere/ranges.ts';
import { PAUSED_STATUS } from '../../contract/elsewhere/bundle.ts';
import { PretextError } from '../../contract/errors.ts';
import { quoted } from '../../machine/shell.ts';
import { AS_ASKED, INDEX, QUEUED_AGAIN, WAIT } from './slurm-task.ts';
import type { EngineScript, EngineTask } from './types.ts';

export interface Spread {
  /** Which jobs are computed so. */
  jobs: number[];
  processes: number;
  nodes: number;
  /** Processes of a node. */
  perNode: number;
}

/** Seconds in which the others find out and say that one is gone, before they are ended too. */
const GRACE_SECONDS = 60;

/** Null where all is computed on one node. @throws PretextError `engine.nodes` */
export function spreadOf({ bundle, wishes }: Pick<EngineTask, 'bundle' | 'wishes'>): Spread | null {
  const { nodes = 1 } = wishes;
  if (nodes === 1 || !bundle.together) return null;
  const { jobs, processes } = bundle.together;
  if (processes % nodes !== 0)
    throw new PretextError({
      code: 'engine.nodes',
      message: `${processes} processes cannot be spread over ${nodes} nodes: each has as many as the others.`,
      place: 'nodes',
      remedy: `Choose a number of nodes that divides ${processes}, or another number of processes in the recipe (\`device.processes\`) before the study is packed.`,
    });
  return { jobs: fromRanges(jobs, bundle.jobs), processes, nodes, perNode: processes / nodes };
}

export const spreadScripts = (task: EngineTask, { jobs }: Spread): EngineScript[] => [
  { name: 'together.txt', text: `${jobs.join('\n')}\n` },
  togetherScript(task),
  processScript(task),
];

function togetherScript({ bundle, folder }: EngineTask): EngineScript {
  const run = `srun --cpus-per-task=${bundle.threads}`;
  return {
    name: 'together.sh',
    text: `#!/bin/sh
# One task of an array that several processes compute together, on the nodes of this task. Each of them listens on a port
# of every network of its node, without a password, as long as it computes: only where the network is trusted.
${INDEX}
cd ${quoted(folder)}
${AS_ASKED('scancel --signal=TERM "$SLURM_JOB_ID"')}
# Where each is reached: its node as Slurm calls it, and a port that is free there.
addresses=$(${run} --label sh engine/process.sh address | sort -n | sed 's/^ *[0-9]*: *//' | paste -s -d , -)
echo "Processes of job $index: $addresses"
${run} sh engine/process.sh compute "$index" "$addresses" &
${QUEUED_AGAIN}
`,
  };
}

function processScript({ folder, command }: EngineTask): EngineScript {
  return {
    name: 'process.sh',
    text: `#!/bin/sh
# One process of several, started by srun.
case $1 in
address)
  node=$(scontrol show node "$SLURMD_NODENAME" --oneliner | sed -n 's/.* NodeAddr=\\([^ ]*\\).*/\\1/p')
  echo "\${node:-$SLURMD_NODENAME}:$(${command} job port)"
  ;;
compute)
  ${command} job run ${quoted(folder)} "$2" --processes "$3" --process $((SLURM_PROCID + 1)) &
  work=$!
  trap 'kill -TERM "$work" 2>/dev/null' TERM
${WAIT}
  case $status in
  0 | ${PAUSED_STATUS}) ;;
  *)
    # Those that it was to compute with do not wait for it in vain.
    sleep ${GRACE_SECONDS}
    scancel "$SLURM_JOB_ID.$SLURM_STEP_ID"
    ;;
  esac
  exit "$status"
  ;;
esac
`,
  };
}
