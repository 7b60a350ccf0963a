/** What tasks of Slurm have in common: which job they compute, and what they do when they are asked to end. */
import { PAUSED_STATUS } from '../../contract/elsewhere/bundle.ts';

export const INDEX = 'index=$((SLURM_ARRAY_TASK_ID + ${PRETEXT_OFFSET:-0}))';

/** Exit status of what was ended by TERM before it could listen: it has written nothing, and goes on from where it was. */
const TERMINATED_STATUS = 128 + 15;

/** @param ask ends `$work`, behind a checkpoint */
export const AS_ASKED = (
  ask: string,
): string => `# Asked to end, the work writes a checkpoint first. Shortly before the time limit this is USR1, and the task is to go on
# later; TERM comes from who cancels it, or from a pre-emption after which Slurm queues it again by itself.
again=
asked=
work=
ask() {
  asked=yes
  [ -z "$work" ] || ${ask}
}
trap 'again=yes; ask' USR1
trap ask TERM`;

/** A signal ends a wait, not the work: its status is what is told once it is gone. */
export const WAIT = `wait "$work"
status=$?
while kill -0 "$work" 2>/dev/null; do
  wait "$work"
  status=$?
done
wait "$work"
last=$?
[ "$last" -eq 127 ] || status=$last`;

/** Waits for what was begun last. */
export const QUEUED_AGAIN = `work=$!
[ -z "$asked" ] || ask
${WAIT}
if [ -n "$again" ] && { [ "$status" -eq ${PAUSED_STATUS} ] || [ "$status" -eq ${TERMINATED_STATUS} ]; }; then
  scontrol requeue "\${SLURM_ARRAY_JOB_ID}_\${SLURM_ARRAY_TASK_ID}"
  sleep 30
fi
exit "$status"`;
