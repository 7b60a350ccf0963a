/** Puts `window.pretext` into the page: the only thing that the sandboxed renderer can reach. */
import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron';
import type { PretextShell } from '../src/contract/messages/shell.ts';
import { SERVICE_PORT } from '../src/contract/messages/service-port.ts';
import {
  CALLS,
  callChannel,
  MENU_CHANNEL,
  OPEN_CHANNEL,
  PORT_CHANNEL,
  SERVICE_END_CHANNEL,
} from './channels.ts';

function listen<Value>(channel: string, listener: (value: Value) => void): () => void {
  const receive = (_event: IpcRendererEvent, value: Value) => listener(value);
  ipcRenderer.on(channel, receive);
  return () => void ipcRenderer.off(channel, receive);
}

const calls = Object.fromEntries(
  CALLS.map((call) => [call, (question?: unknown) => ipcRenderer.invoke(callChannel(call), question)]),
);

const shell = {
  ...calls,
  // Electron before 29 has no such function: there the file itself carries its path.
  pathOf: (file) => (webUtils as typeof webUtils | undefined)?.getPathForFile(file) ?? '',
  onServiceEnd: (listener) => listen(SERVICE_END_CHANNEL, listener),
  onMenu: (listener) => listen(MENU_CHANNEL, listener),
  onOpen: (listener) => listen(OPEN_CHANNEL, listener),
} as PretextShell;

contextBridge.exposeInMainWorld('pretext', shell);

// A MessagePort cannot pass the context bridge; a message to the page's own window carries it.
ipcRenderer.on(PORT_CHANNEL, (event, session: number) => {
  window.postMessage({ type: SERVICE_PORT, session }, '*', event.ports);
});
