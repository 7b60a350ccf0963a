// Handing over to another program: it takes this terminal, and its end is ours.
import { spawn } from 'node:child_process';

/**
 * @param {{ cwd?: string, stdio?: import('node:child_process').StdioOptions }} options
 * @returns {Promise<number>} its exit status
 */
export function handOver(program, args, environment = {}, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: options.stdio ?? 'inherit',
      cwd: options.cwd,
      env: { ...process.env, ...environment },
    });
    // The terminal sends Ctrl+C to the child as well; it decides how to end.
    const ignore = () => {};
    process.on('SIGINT', ignore);
    const terminate = () => child.kill('SIGTERM');
    process.on('SIGTERM', terminate);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', terminate);
      resolve(code ?? (signal ? 1 : 0));
    });
  });
}
