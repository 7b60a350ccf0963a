/** Probes of pretext runs: the scores on resamples, from which intervals are made. */
import { eq } from 'drizzle-orm';
import type { ProbeKind, ProbeResamples } from '../../../contract/recipe/probe.ts';
import type { ReadableProject, WritableProject } from '../../database.ts';
import { probeTable } from '../../schema.ts';

/** Keeps those of the latest probe of each kind. */
export function saveProbe(project: WritableProject, runId: string, { probe, scores }: ProbeResamples): void {
  project.database
    .insert(probeTable)
    .values({ runId, probe, resamples: scores })
    .onConflictDoUpdate({ target: [probeTable.runId, probeTable.probe], set: { resamples: scores } })
    .run();
}

/** By kind; nothing for runs of versions that kept none. */
export function readProbes(project: ReadableProject, runId: string): Partial<Record<ProbeKind, number[]>> {
  const rows = project.database.select().from(probeTable).where(eq(probeTable.runId, runId)).all();
  return Object.fromEntries(rows.map(({ probe, resamples }) => [probe, resamples]));
}
