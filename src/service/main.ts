/** The service's entry: `--project DIR [--create NAME] [--queue on|off]`, one process a project. */
import { setFlagsFromString } from 'node:v8';
import { parentChannel } from '../host/parent-channel.ts';
import { chooseHost } from '../host/choose.ts';
import { serviceOptions } from './options.ts';
import { serve } from './serve.ts';

// Ctrl-C in a terminal reaches every process of the program: the command line decides what it means.
process.on('SIGINT', () => {});
// What an import makes of text dies young: with more room for the new it is no quicker, and holds 150 MB more.
setFlagsFromString('--semi-space-growth-factor=1');
serve(parentChannel(), chooseHost(), serviceOptions(process.argv.slice(2)));
