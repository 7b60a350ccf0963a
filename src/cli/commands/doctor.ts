import type { Command } from 'commander';
import type { DoctorReport } from '../../contract/machine/doctor.ts';
import { NotDone, printJson, printLine, type Environment } from '../environment.ts';
import { table } from '../words/text.ts';

const MARKS: Record<DoctorReport['items'][number]['state'], string> = {
  good: 'ok',
  missing: 'MISSING',
  warning: 'look',
  information: '',
};

export function addDoctorCommand(program: Command, environment: Environment): void {
  program
    .command('doctor')
    .description('say what this machine offers, and what is missing')
    .option('--json', 'print one JSON document')
    .action(async (options: { json?: boolean }) => {
      // No project is needed: the doctor looks at the machine.
      const { doctor } = await import('../../machine/doctor.ts');
      const report = await doctor(environment.host, environment.folder);
      if (options.json) printJson(environment, report);
      else printLine(environment, reportText(report));
      const missing = report.items.filter(({ state }) => state === 'missing');
      if (missing.length > 0) throw new NotDone(`Missing: ${missing.map(({ title }) => title).join(', ')}.`);
    });
}

function reportText({ items }: DoctorReport): string {
  const rows = items.map(({ title, value, state }) => [title, value, MARKS[state]]);
  const remedies = items.filter(({ remedy }) => remedy).map(({ title, remedy }) => `${title}: ${remedy}`);
  return [table(['', '', ''], rows).trimStart(), ...remedies].join('\n');
}
