/** The command line's entry. */
import { createNodeHost } from '../host/node.ts';
import { standardEnvironment } from './standard-environment.ts';
import { runCommandLine } from './program.ts';

const status = await runCommandLine(process.argv.slice(2), standardEnvironment(createNodeHost()));
process.exitCode = status;
