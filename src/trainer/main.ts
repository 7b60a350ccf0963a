/**
 * The trainer's entry: runs one job that arrives over the parent channel, then ends; or answers questions until its
 * parent ends it.
 */
import { toFailure } from '../contract/errors.ts';
import { parentChannel } from '../host/parent-channel.ts';
import { LOW_PRIORITY, standBehindOthers } from '../host/priority.ts';
import { toTrainerSchema, type FromTrainer } from '../contract/messages/trainer.ts';
import type { Job, Places } from '../contract/messages/job.ts';
import { joinPlaces } from '../training/inputs.ts';
import { createAnswering } from '../training/questions/answering.ts';
import type { Request, RunControl } from '../training/control.ts';
import { runFinetune } from '../training/finetune/run.ts';
import { runPretext } from '../training/pretext/run.ts';
import { ANSWERERS } from './answers.ts';

/** Progress is told at most this often; the last step's progress is always told. */
const PROGRESS_INTERVAL_MS = 200;

if (process.argv.includes(LOW_PRIORITY)) standBehindOthers();
const channel = parentChannel();
const say = (message: FromTrainer) => channel.send(message);
const answering = createAnswering(ANSWERERS, say);

let request: Request | null = null;
let started = false;

channel.onMessage((received) => {
  const message = toTrainerSchema.safeParse(received);
  if (!message.success) {
    say({
      type: 'failed',
      failure: toFailure(new Error(`The trainer got a message it does not know: ${message.error.message}`)),
    });
    return;
  }
  if (message.data.type === 'start') void runJob(message.data.job, message.data.places);
  else if (message.data.type === 'ask') void answering.ask(message.data);
  else if (message.data.type === 'withdraw') answering.withdraw(message.data.id);
  else request = message.data.type;
});

// A run that nobody listens to any more is ended: it continues from its last checkpoint.
channel.onClose(() => process.exit(0));
// Ctrl-C in a terminal reaches every process of the program: the command line decides, and asks for a pause.
process.on('SIGINT', () => {});
// Asked to end by the system (a cluster's limit, a shutdown): the checkpoint is written first.
process.on('SIGTERM', () => (request ??= 'pause'));
say({ type: 'ready' });

async function runJob(job: Job, places: Places): Promise<void> {
  if (started) throw new Error('A trainer runs one job only.');
  started = true;
  try {
    const inputs = joinPlaces(job, places);
    const outcome = await (inputs.kind === 'pretext'
      ? runPretext(inputs, control())
      : runFinetune(inputs, control()));
    say({ type: outcome });
  } catch (error) {
    const failure = toFailure(error);
    if (failure.code === 'internal') console.error(error);
    say({ type: 'failed', failure });
  }
}

function control(): RunControl {
  let toldAt = 0;
  return {
    environment: (environment) => say({ type: 'environment', environment }),
    progress(progress) {
      const now = performance.now();
      if (now - toldAt < PROGRESS_INTERVAL_MS && progress.step < progress.steps) return;
      toldAt = now;
      say({ type: 'progress', progress });
    },
    metrics: (point) => say({ type: 'metrics', point }),
    finding: (finding) => say({ type: 'finding', finding }),
    probe: (probe) => say({ type: 'probe', probe }),
    checkpoint: (checkpoint) => say({ type: 'checkpoint', checkpoint }),
    transfer: (report) => say({ type: 'transfer', report }),
    result: (row, answers, others = []) =>
      say({ type: 'result', row, answers, ...(others.length > 0 && { others: [...others] }) }),
    model: (note) => say({ type: 'model', ...note }),
    async requested() {
      await new Promise((resolve) => setImmediate(resolve));
      return request;
    },
  };
}
