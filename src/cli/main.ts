/** The command line's entry. */
import { createNodeHost } from '../host/node.ts';
import { watchOwnErrors } from '../host/crash-watch.ts';
import { standardEnvironment } from './standard-environment.ts';
import { runCommandLine } from './program.ts';

watchOwnErrors('command line');
const status = await runCommandLine(process.argv.slice(2), standardEnvironment(createNodeHost()));
process.exitCode = status;
