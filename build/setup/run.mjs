// Running other programs.
import { spawn, spawnSync } from 'node:child_process';
import { SetupError } from './say.mjs';

/** Whether a program can be started at all. */
export function canRun(program, args = ['--version']) {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

/** The first of several programs that can be started, or undefined. */
export function firstThatRuns(programs, args) {
  return programs.find((program) => canRun(program, args));
}

/**
 * Runs a program to its end. What it prints goes to stderr; the end of it is kept.
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const quiet = options.quiet ?? false;
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: options.shell ?? false,
    });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-20_000);
      if (!quiet) process.stderr.write(chunk);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

const NETWORK =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|Temporary failure in name resolution|Failed to establish a new connection|NewConnectionError|Max retries exceeded|No matching distribution found/;

/** The lines that matter of what npm or pip printed: their errors without the usage they print after them. */
function explain(output) {
  const lines = output.trim().split('\n');
  const errors = lines.filter(
    (line) => /^(npm error|ERROR)/.test(line) && !/complete log|npm help/.test(line),
  );
  return (errors.length > 0 ? errors.slice(0, 5) : lines.slice(-3)).join('\n');
}

/** Explains a failed download by what the downloader printed. */
export function downloadError(what, output) {
  const reason = explain(output);
  if (NETWORK.test(output)) {
    return new SetupError(
      `${what} could not be fetched: no network, or its source cannot be reached from here.\n${reason}`,
      'Check the connection (a proxy is taken from HTTPS_PROXY, an index from the settings of npm and pip) and run the same command again; what was fetched already is kept.',
    );
  }
  return new SetupError(`${what} could not be fetched.\n${reason}`, 'Run the same command again.');
}
