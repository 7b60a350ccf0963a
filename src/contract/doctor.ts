/** What `pretext doctor` and the settings page tell about this machine. */
import { z } from 'zod';

export const doctorReportSchema = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      value: z.string(),
      state: z.enum(['good', 'missing', 'warning', 'information']),
      /** What a missing thing would need. */
      remedy: z.string().optional(),
    }),
  ),
});
export type DoctorReport = z.infer<typeof doctorReportSchema>;
