/** The command line as a whole: all commands, and what their failures mean for the exit status. */
import { Command, CommanderError } from 'commander';
import type { ReaderDescription } from '../contract/catalogue.ts';
import { reportError } from '../host/crash-watch.ts';
import { formatFailure, PretextError, toFailure } from '../contract/errors.ts';
import { addCheckpointCommand } from './commands/checkpoints.ts';
import { addDataCommands } from './commands/data.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addEmbedCommand } from './commands/embed.ts';
import { addExplainCommand } from './commands/explain.ts';
import { addExportCommand } from './commands/export.ts';
import { addJobCommands } from './commands/job.ts';
import { addModelCommands } from './commands/models.ts';
import { addPredictCommand } from './commands/predict.ts';
import { addProjectCommands } from './commands/project.ts';
import { addRecipeCommands } from './commands/recipe.ts';
import { addReportCommand } from './commands/report.ts';
import { addRunCommands } from './commands/run.ts';
import { addGpuCommands } from './commands/gpu.ts';
import { addSettingsCommand } from './commands/settings.ts';
import { addStudyCommands } from './commands/study.ts';
import { inFlags } from './flags/flag-words.ts';
import { EXIT, NotDone, say, UsageError, type Environment } from './environment.ts';

/** Runs one command. Resolves to the exit status: 0 done, 1 failed, 2 wrong usage. */
export async function runCommandLine(argv: readonly string[], environment: Environment): Promise<number> {
  const readers = await readersFor(argv);
  const program = buildProgram(environment, readers);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return EXIT.done;
  } catch (thrown) {
    return exitStatusOf(thrown, environment, readers);
  }
}

function buildProgram(environment: Environment, readers: readonly ReaderDescription[]): Command {
  const program = new Command('pretext')
    .description('Self-supervised learning on your own data, with the honest baseline beside it.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void environment.stdout.write(text),
      writeErr: (text) => void environment.stderr.write(text),
    })
    .showSuggestionAfterError()
    .showHelpAfterError('(`--help` after any command says more.)');
  addProjectCommands(program, environment);
  addDataCommands(program, environment, readers);
  addStudyCommands(program, environment);
  addRecipeCommands(program, environment);
  addRunCommands(program, environment);
  addJobCommands(program, environment);
  addCheckpointCommand(program, environment);
  addEmbedCommand(program, environment);
  addExportCommand(program, environment);
  addModelCommands(program, environment);
  addPredictCommand(program, environment);
  addExplainCommand(program, environment);
  addReportCommand(program, environment);
  addSettingsCommand(program, environment);
  addGpuCommands(program, environment);
  addDoctorCommand(program, environment);
  for (const command of descendants(program)) command.exitOverride().copyInheritedSettings(program);
  return program;
}

function descendants(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...descendants(child)]);
}

/** What there is to import, which makes flags: only loaded where there may be such flags. */
async function readersFor(argv: readonly string[]): Promise<readonly ReaderDescription[]> {
  if (!argv.includes('data')) return [];
  const { describeReaders } = await import('../data/catalogue.ts');
  return describeReaders();
}

/** A fault of the program itself: what helps to find it is kept, without anything of the person's. */
function tellOfFault(thrown: unknown, environment: Environment): void {
  const report = reportError('command line', thrown);
  if (report) say(environment, `  A report that holds no data lies in ${report}`);
  if (process.env['PRETEXT_DEBUG']) console.error(thrown);
}

function exitStatusOf(
  thrown: unknown,
  environment: Environment,
  readers: readonly ReaderDescription[],
): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.done : EXIT.wrongUsage;
  if (thrown instanceof UsageError) {
    say(environment, `error: ${thrown.message}`);
    return EXIT.wrongUsage;
  }
  if (thrown instanceof NotDone) {
    say(environment, thrown.message);
    return thrown.status;
  }
  const failure = toFailure(thrown);
  const remedy = failure.remedy && readers.length > 0 ? inFlags(failure.remedy, readers) : failure.remedy;
  say(environment, `error: ${formatFailure({ ...failure, ...(remedy && { remedy }) })}`);
  if (failure.code === 'project.broken') say(environment, '  pretext project repair FOLDER');
  if (!(thrown instanceof PretextError)) tellOfFault(thrown, environment);
  return EXIT.failed;
}
