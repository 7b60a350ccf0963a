/** What concerns the machine, whatever project is open: how runs compute, and the GPU pack. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { gpuPackProgressSchema, gpuPackSourceSchema, gpuPackStateSchema } from '../machine/gpu-pack.ts';
import { machineChangeSchema, machineSchema } from '../machine/settings.ts';
import { action } from './action.ts';

export const machineActions = {
  get: action.output(machineSchema),
  /** For all projects on this machine; studies that have begun keep what they began with. */
  set: action.input(machineChangeSchema).output(machineSchema),
};

export const gpuPackActions = {
  state: action.output(gpuPackStateSchema),
  /** Makes it, or goes on with one that was begun; ends when the caller stops listening. */
  make: action.input(z.object({ source: gpuPackSourceSchema })).output(eventIterator(gpuPackProgressSchema)),
  remove: action.output(gpuPackStateSchema),
};
