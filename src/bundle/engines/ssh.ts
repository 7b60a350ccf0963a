/**
 * Computers reached by ssh, with GNU parallel: it hands a job to whichever has room, and repeats one whose computer is
 * lost. The bundle lies on a disk that all of them see under the same path.
 */
import { hostOf } from '../../contract/elsewhere/engine.ts';
import { PretextError } from '../../contract/errors.ts';
import type { Engine, EngineScript, EngineTask } from './types.ts';
import { quoted } from '../../machine/shell.ts';
import { namedOf, stageFiles } from './stages.ts';

const RETRIES = 3;

export const ssh: Engine = {
  id: 'ssh',
  title: 'Computers by ssh (GNU parallel)',
  program: 'parallel',
  wishes: ['hosts', 'limit', 'command'],
  scripts: (task) => [hostFile(task), ...stageFiles(task), submitScript(task), cancelScript()],
  mark: 'parallel.pid',
  states: null,
  open: null,
};

/** As many jobs on each as its cores have room for. */
function hostFile({ bundle, wishes }: EngineTask): EngineScript {
  const hosts = (wishes.hosts ?? []).map(hostOf);
  if (hosts.length === 0)
    throw new PretextError({
      code: 'engine.no-hosts',
      message: 'No computers are named that jobs could run on.',
      place: 'hosts',
      remedy: 'Name them with their cores, for example --hosts anna@lab1:8,anna@lab2:16.',
    });
  const lines = hosts.map(({ host, cores }) => `${Math.max(1, Math.floor(cores / bundle.threads))}/${host}`);
  return { name: 'hosts.txt', text: `${lines.join('\n')}\n` };
}

function submitScript({ bundle, folder, command, wishes }: EngineTask): EngineScript {
  const job = `${command} job run ${quoted(folder)} {}`;
  const stages = bundle.stages.map((_, at) => at + 1);
  const limit = wishes.limit ? ` --max-procs ${wishes.limit}` : '';
  return {
    name: 'submit.sh',
    text: `#!/bin/sh
# Computes all jobs of the bundle on the computers of hosts.txt, or those that are named: submit.sh 3,7-9
# It stays until they have ended; asked again, it goes on with what is not done.
set -u
cd ${quoted(folder)}
mkdir -p engine/logs
command -v parallel > /dev/null || { echo 'GNU parallel is not installed: there is no program "parallel".' >&2; exit 127; }
echo $$ > engine/parallel.pid
# Where no computer has taken anything, nothing is handed over: the next call does it.
ended() {
  if [ "$failed" = 1 ] && [ -z "$(ls -A results)" ]; then rm -f engine/parallel.pid; fi
  exit $failed
}
compute() {
  parallel --sshloginfile engine/hosts.txt --retries ${RETRIES} --joblog "engine/logs/$1.log" --resume-failed${limit} \\
    --results engine/logs/output/ ${quoted(job)}
}
failed=0
if [ $# -gt 0 ]; then
${stages.map((stage) => `  ${namedOf(stage)} | compute "again-$(date +%s)-${stage}" || failed=1`).join('\n')}
  ended
fi
${stages.map((stage) => `compute stage-${stage} < engine/stage-${stage}.txt || failed=1`).join('\n')}
ended
`,
  };
}

function cancelScript(): EngineScript {
  return {
    name: 'cancel.sh',
    text: `#!/bin/sh
# Ends what is computed now; each worker writes a checkpoint first.
set -eu
cd "$(dirname "$0")/.."
[ -f engine/parallel.pid ] && kill -TERM "$(cat engine/parallel.pid)"
`,
  };
}
