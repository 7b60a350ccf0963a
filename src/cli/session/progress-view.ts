/** Progress on stderr: a bar on a terminal, a line for every phase and epoch elsewhere. */
import cliProgress from 'cli-progress';
import type { ImportProgress, Run, Study } from '../../contract/entities.ts';
import { formatFailure } from '../../contract/errors.ts';
import type { ProjectEvent } from '../../contract/messages/project-events.ts';
import { gigabytes } from '../../contract/machine/memory.ts';
import { say, type Environment } from '../environment.ts';
import { findingText } from '../words/finding-text.ts';
import { duration, plural } from '../words/text.ts';

export interface ProgressView {
  show(event: ProjectEvent): void;
  /** Takes the bar away; later events show nothing. */
  end(): void;
}

export function createProgressView(environment: Environment): ProgressView {
  return environment.stderr.isTTY ? barView(environment) : lineView(environment);
}

interface Moment {
  /** Whose progress it is. */
  title: string;
  done: number;
  total: number | null;
  details: string;
  /** A new line is due when this changes. */
  milestone: string;
}

function momentOf(event: ProjectEvent): Moment | null {
  if (event.type === 'import') return importMoment(event.progress);
  if (event.type === 'run' && event.run.status === 'running' && event.run.progress)
    return runMoment(event.run);
  return null;
}

function importMoment({ name, phase, done, total, perSecond, secondsLeft, leftOut }: ImportProgress): Moment {
  const details = [
    phase,
    total === null
      ? done > 0
        ? `${done.toLocaleString('en')}`
        : ''
      : `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`,
    perSecond === null ? '' : `${Math.round(perSecond).toLocaleString('en')} a second`,
    leftOut > 0 ? `${leftOut.toLocaleString('en')} left out` : '',
    left(secondsLeft),
  ];
  return { title: `import ${name}`, done, total, details: join(details), milestone: phase };
}

function runMoment({ name, kind, progress }: Run): Moment {
  const { step, steps, epoch, epochs, seed, loss, samplesPerSecond, secondsLeft, phase } = progress!;
  const place = seed
    ? `seed ${seed.index + 1} of ${seed.count}`
    : `epoch ${Math.min(epochs, Math.floor(epoch) + 1)} of ${epochs}`;
  const details = [
    phase === 'Training' ? '' : phase,
    place,
    loss === null ? '' : `loss ${loss.toPrecision(4)}`,
    samplesPerSecond === null ? '' : `${Math.round(samplesPerSecond).toLocaleString('en')} samples/s`,
    left(secondsLeft),
  ];
  return {
    title: name,
    done: step,
    total: steps,
    details: join(details),
    milestone: kind === 'pretext' ? `${phase} ${place}` : place,
  };
}

const left = (seconds: number | null) => (seconds === null ? '' : `${duration(seconds)} left`);
const join = (parts: string[]) => parts.filter(Boolean).join(', ');

/** What is said once, in both views: how runs and imports ended. */
function endingOf(event: ProjectEvent, told: Map<string, string>): string[] {
  if (event.type === 'import-ended') return [];
  if (event.type === 'dataset' && !told.has(event.dataset.id)) {
    told.set(event.dataset.id, '');
    const { name, sampleCount, issueCounts } = event.dataset;
    const out =
      issueCounts.leftOut > 0
        ? `, ${plural(issueCounts.leftOut, 'file or row', 'files or rows')} left out`
        : '';
    return [`${name}: ${plural(sampleCount, 'sample')}${out}`];
  }
  if (event.type === 'trouble') return [formatFailure(event.failure)];
  if (event.type === 'study') return waitingStudy(event.study, told);
  if (event.type !== 'run') return [];
  const { id, name, status, seconds, failure } = event.run;
  const before = told.get(id);
  told.set(id, status);
  if (before === status || before === undefined || status === 'queued' || status === 'running') return [];
  if (status === 'paused' && failure) return [`${name}: paused. ${formatFailure(failure)}`];
  return [`${name}: ${status}${status === 'done' ? ` after ${duration(seconds)}` : ''}`];
}

/** A study that is still importing says what it waits for, as the disk is full. */
function waitingStudy({ id, name, status, failure }: Study, told: Map<string, string>): string[] {
  const key = `${id} waits`;
  const waits = status === 'importing' && failure ? formatFailure(failure) : '';
  const before = told.get(key) ?? '';
  told.set(key, waits);
  return waits && waits !== before ? [`${name}: ${waits}`] : [];
}

/** New findings of a run, and those that are over: each is said once. */
function newsOf(event: ProjectEvent, told: Map<string, string>): string[] {
  if (event.type !== 'run') return [];
  const { id, name, findings } = event.run;
  return findings.flatMap((finding) => {
    const key = `${id} ${finding.kind} ${finding.step}`;
    const state = String(finding.overAtStep);
    if (told.get(key) === state) return [];
    told.set(key, state);
    return `${name}: ${findingText(finding)}`;
  });
}

/** What the first run of each stage needs in memory; and every run that may not have it. */
function memoryOf(event: ProjectEvent, told: Map<string, string>): string[] {
  if (event.type !== 'run' || event.run.status !== 'running') return [];
  const { id, name, kind, environment } = event.run;
  const { memoryEstimateMiB: needed, memoryFreeMiB: free } = environment ?? {};
  if (needed === undefined || free === undefined) return [];
  const key = needed > free ? `${id} memory` : `${kind} memory`;
  if (told.has(key)) return [];
  told.set(key, '');
  const size = (mebibytes: number) => gigabytes(mebibytes * 2 ** 20);
  return [`${name}: needs about ${size(needed)} of memory; ${size(free)} are free`];
}

/** All that is said in lines of its own. */
const saidOf = (event: ProjectEvent, told: Map<string, string>): string[] => [
  ...memoryOf(event, told),
  ...newsOf(event, told),
  ...endingOf(event, told),
];

function lineView(environment: Environment): ProgressView {
  const told = new Map<string, string>();
  let last = '';
  let ended = false;
  return {
    show(event) {
      if (ended) return;
      for (const line of saidOf(event, told)) say(environment, line);
      const moment = momentOf(event);
      if (!moment || `${moment.title} ${moment.milestone}` === last) return;
      last = `${moment.title} ${moment.milestone}`;
      say(environment, `${moment.title}: ${moment.details}`);
    },
    end: () => void (ended = true),
  };
}

function barView(environment: Environment): ProgressView {
  const told = new Map<string, string>();
  let bar: cliProgress.SingleBar | null = null;
  let title = '';
  let ended = false;
  const stop = () => {
    bar?.stop();
    bar = null;
    title = '';
  };
  const begin = (moment: Moment) => {
    stop();
    title = moment.title;
    bar = new cliProgress.SingleBar({
      stream: environment.stderr as NodeJS.WriteStream,
      format: '{title} {bar} {percentage} % {details}',
      barsize: 24,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      clearOnComplete: true,
      hideCursor: true,
      gracefulExit: false,
    });
    bar.start(moment.total ?? 1, 0, { title, details: '' });
  };
  return {
    show(event) {
      if (ended) return;
      const lines = saidOf(event, told);
      if (lines.length > 0) stop();
      for (const line of lines) say(environment, line);
      const moment = momentOf(event);
      if (!moment) return;
      if (moment.title !== title) begin(moment);
      bar?.setTotal(moment.total ?? Math.max(1, moment.done));
      bar?.update(moment.done, { details: moment.details });
    },
    end() {
      ended = true;
      stop();
    },
  };
}
