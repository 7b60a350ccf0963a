/** The GPU pack, from the settings page. */
import { gpuPackState, removeGpuPack } from '../../machine/gpu-pack/pack.ts';
import { makingOfPack } from '../../machine/gpu-pack/making.ts';
import { answer } from './answering.ts';

export const gpuPackHandlers = {
  state: answer.gpuPack.state.handler(() => gpuPackState()),
  make: answer.gpuPack.make.handler(({ context, input, signal }) =>
    makingOfPack({ host: context.actions.host, source: input.source, ...(signal && { signal }) }),
  ),
  remove: answer.gpuPack.remove.handler(async () => {
    await removeGpuPack();
    return gpuPackState();
  }),
};
