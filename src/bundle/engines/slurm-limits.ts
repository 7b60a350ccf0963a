/**
 * Time limits of Slurm's arrays. Each stage is an array of its own, with the limit of its longest job: pretraining does
 * not lend its hours to fine-tuning, and `%limit` goes on counting all jobs of a stage, which more arrays would not.
 */
import { GOES_ON, timeLimitWords } from '../../contract/elsewhere/job-time.ts';
import type { EngineTask } from './types.ts';

/** Seconds before the time limit at which a checkpoint is asked for; Slurm looks at the clock every half minute. */
const WARNING_SECONDS = 120;
const SHORTEST_WARNING_SECONDS = 15;

export interface Limits {
  /** What the script needs before its first use. */
  functions: string[];
  /** Lines that set `$limit` for a stage, from 0. */
  of(stage: number): string[];
}

/** As a person says; else by what was measured; else the partition's own. */
export function limitsOf({ bundle, wishes }: Pick<EngineTask, 'bundle' | 'wishes'>): Limits {
  const { minutes: said, stageTimes = [] } = bundle.resources;
  const minutes = wishes.minutes ?? said ?? undefined;
  if (minutes !== undefined || stageTimes.every((time) => time === null))
    return { functions: [], of: () => [`limit='${optionsOf(minutes)}'`] };
  return {
    functions: [partitionLimit(wishes.partition), LIMITED],
    of(stage) {
      const time = stageTimes[stage];
      return time
        ? [
            `# ${oneLine(timeLimitWords(time, bundle.threads))} ${GOES_ON}`,
            `limit=$(limited ${time.minutes})`,
          ]
        : [`limit='${optionsOf(undefined)}'`];
    },
  };
}

/** What a run says of its processor may come from elsewhere: a comment ends with its line. */
const oneLine = (words: string) => words.replaceAll(/\p{Cc}+/gu, ' ');

const optionsOf = (minutes: number | undefined): string =>
  minutes === undefined
    ? `--signal=B:USR1@${WARNING_SECONDS}`
    : `--time=${minutes} --signal=B:USR1@${warningSeconds(minutes)}`;

/** A warning that came at the beginning already would let no job get anywhere. */
const warningSeconds = (minutes: number) =>
  Math.max(SHORTEST_WARNING_SECONDS, Math.min(WARNING_SECONDS, Math.floor((minutes * 60) / 4)));

/** Slurm lets jobs wait for ever that ask for more than their partition gives. */
const partitionLimit = (partition: string | undefined): string =>
  `# Minutes that the partition allows at most; empty: any.
most=$(sinfo --noheader --format='%P %l'${partition ? ` --partition=${partition}` : ''} 2>/dev/null | awk '
  ${partition ? '' : '$1 ~ /[*]$/ '}{ parts = split($2, part, /[-:]/); days = $2 ~ /-/
    if (parts > 1) print (days ? part[1] * 1440 : 0) + (parts - days > 2 ? part[days + 1] * 60 : 0) + part[parts - 1]
    exit }')`;

/** `limited 26`: the options for 26 minutes, or for what the partition allows. */
const LIMITED = `# An estimated time limit, no longer than the partition allows.
limited() {
  minutes=$1
  [ -z "$most" ] || [ "$most" -ge "$minutes" ] || minutes=$most
  # To Slurm 0 is no limit at all.
  [ "$minutes" -ge 1 ] || minutes=1
  warning=$((minutes * 15))
  [ "$warning" -le ${WARNING_SECONDS} ] || warning=${WARNING_SECONDS}
  [ "$warning" -ge ${SHORTEST_WARNING_SECONDS} ] || warning=${SHORTEST_WARNING_SECONDS}
  echo "--time=$minutes --signal=B:USR1@$warning"
}`;
