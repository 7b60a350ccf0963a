/**
 * What is written down when a process of the program ends without having been asked to. A report may be handed to
 * strangers: it holds no message, no path and no name, as these may carry what a person works on. What is left of an
 * error is its kind and the places in the program's own code.
 */
import { release } from 'node:os';
import { basename } from 'node:path';
import { gigabytes } from '../contract/machine/memory.ts';
import type { HostedExit } from '../contract/messages/host.ts';

export type CrashedProcess = 'main' | 'window' | 'graphics' | 'service' | 'trainer' | 'command line';

export interface Crash {
  process: CrashedProcess;
  /** How it ended, in words of ours. */
  how: string;
  /** What the process wrote last, or the error that it threw; only the places in code are taken from it. */
  trace: string;
  /** How long it had lived; null where nobody knows. */
  seconds: number | null;
}

export interface Surroundings {
  time: Date;
  version: string;
  electron: string | undefined;
  memoryBytes: { free: number; total: number };
}

const PREFACE = `This report holds no data, no messages, no names of files or people. It was sent to nobody.
Delete it as you like, or enclose it when you report the fault.`;

/** @returns plain text, a line a fact */
export function crashReport(crash: Crash, { time, version, electron, memoryBytes }: Surroundings): string {
  const facts: [string, string][] = [
    ['time', time.toISOString()],
    ['process', crash.process],
    ['ended', crash.how],
    ...(crash.seconds === null ? [] : [['after', `${Math.round(crash.seconds)} s`] as [string, string]]),
    ['version', version],
    ['electron', electron ?? 'none'],
    ['node', process.versions.node],
    ['system', `${process.platform} ${release()} ${process.arch}`],
    ['memory', `${gigabytes(memoryBytes.free)} free of ${gigabytes(memoryBytes.total)}`],
  ];
  const places = placesIn(crash.trace);
  return `Pretext Studio, crash report\n\n${PREFACE}\n\n${facts.map(([name, value]) => `${name}: ${value}`).join('\n')}\n${places.length > 0 ? `\n${places.join('\n')}\n` : ''}`;
}

/** A line of a JavaScript stack: `at name (place:line:column)`, or without a name. */
const FRAME =
  /^\s+at (?:(?:async )?(?:new )?([\w.$<>]+)(?: \[as [\w.$]+\])? \()?(?:async )?(.+?):(\d+):(\d+)\)?$/;
/** `TypeError: …`, `PretextError [code]: …` */
const KIND = /^(?:Uncaught )?(\w*(?:Error|Exception))(?: \[(ERR_\w+)\])?(?::|$)/;
/** TensorFlow's own: `F0000 00:00:00.000 1234 file.cc:12] Check failed: …` */
const FATAL = /^F\d{4} .*?([\w.+-]+\.(?:cc|cu|h)):(\d+)\]/;
/** Sentences of the engine and of C++ that hold nothing but themselves. */
const PHRASES = [
  'JavaScript heap out of memory',
  'std::bad_alloc',
  'pure virtual method called',
  'stack smashing detected',
  'double free or corruption',
  'illegal instruction',
];

/** Kinds of errors and places in code, in the order of the text. */
export function placesIn(trace: string): string[] {
  return trace.split(/\r?\n/).flatMap((line) => {
    const frame = FRAME.exec(line);
    if (frame)
      return [
        `  at ${frame[1] ? `${frame[1]} ` : ''}${basename(frame[2]!.replaceAll('\\', '/'))}:${frame[3]}:${frame[4]}`,
      ];
    const kind = KIND.exec(line);
    if (kind) return [kind[2] ? `${kind[1]} ${kind[2]}` : kind[1]!];
    const fatal = FATAL.exec(line);
    if (fatal) return [`fatal at ${fatal[1]}:${fatal[2]}`];
    return PHRASES.filter((phrase) => line.toLowerCase().includes(phrase.toLowerCase()));
  });
}

/** Ends by which a system or a terminal asks a program to go; and, on Windows, the same as exit statuses. */
const ASKED_BY = ['SIGTERM', 'SIGINT', 'SIGHUP'];
const ASKED_STATUS = [0xc000013a, 0x40010004];

/** How a process ended that nobody had asked to: null where that was no crash. */
export function howItCrashed({ code, signal }: Pick<HostedExit, 'code' | 'signal'>): string | null {
  if (signal !== null) return ASKED_BY.includes(signal) ? null : `by ${signal}`;
  if (code === 0 || code === null || ASKED_STATUS.includes(code)) return null;
  return `with status ${code}`;
}
