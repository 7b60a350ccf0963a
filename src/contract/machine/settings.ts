/** How new runs compute on this machine, for all projects: chosen once, and written into every study that starts. */
import { z } from 'zod';
import { precisionSchema } from '../recipe/device.ts';

const threadsSchema = z.number().int().min(1).nullable();

/** How runs stand beside other programs: `low` leaves them the processor whenever they want it. */
export const prioritySchema = z.enum(['low', 'normal']);
export type Priority = z.infer<typeof prioritySchema>;

export const machineSettingsSchema = z.object({
  /** Null: as many as the processor has. */
  threads: threadsSchema.default(null),
  precision: precisionSchema.default('float32'),
  priority: prioritySchema.default('low'),
});
export type MachineSettings = z.infer<typeof machineSettingsSchema>;

/** What is left out stays as it is. */
export const machineChangeSchema = z.object({
  threads: threadsSchema.optional(),
  precision: precisionSchema.optional(),
  priority: prioritySchema.optional(),
});
export type MachineChange = z.infer<typeof machineChangeSchema>;

export const machineSchema = z.object({
  settings: machineSettingsSchema,
  /** Threads that the processor can run at once: the most that can be asked for. */
  cores: z.number().int().min(1),
  /** Where the settings are kept. */
  file: z.string(),
});
export type Machine = z.infer<typeof machineSchema>;
