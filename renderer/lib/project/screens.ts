/**
 * The screens in one table, from which routes, sidebar, stage bar, commands and shortcuts come.
 *
 * A new screen is a line in `ScreenParameters`, a line in `SCREENS`, and its component in `screens/components.ts`.
 */
import type { Arm } from '../../../src/contract/recipe/recipe.ts';
import type { StageId } from './stages.ts';

/** What each screen needs to know. */
export interface ScreenParameters {
  overview: object;
  data: object;
  dataset: { id: string };
  /** One of a dataset's recordings: by its number, or the one that a sample lies in. */
  recording: { id: string; recording?: number; index?: number };
  /** A folder or file to look into at once. */
  import: { path?: string; again?: string };
  recipe: object;
  pretext: { dataset?: string };
  tournament: object;
  transfer: object;
  finetune: { run?: string };
  compare: { id?: string };
  /** The test samples behind a number of a study, and at first only those of a cell, a class or a group. */
  errors: {
    id: string;
    arm: Arm;
    /** Place in the study's summary, which also says on which dataset. */
    budget: number;
    truth?: string;
    answer?: string;
    group?: string;
  };
  models: object;
  model: { id: string };
  /** Which ones to begin with. */
  runs: { only?: 'held' };
  run: { id: string };
  settings: object;
}
export type ScreenName = keyof ScreenParameters;

type RouteTo<Name extends ScreenName> = { screen: Name } & ScreenParameters[Name];
export type Route = { [Name in ScreenName]: RouteTo<Name> }[ScreenName];
/** Screens that can be gone to by name alone. */
export type PlainScreen = {
  [Name in ScreenName]: object extends ScreenParameters[Name] ? Name : never;
}[ScreenName];

interface ScreenEntry {
  /** As commands name it. */
  title: string;
  /** The group of the sidebar that it stands in. */
  sidebar?: 'study' | 'project';
  /** The screen of the sidebar that it belongs to. */
  under?: PlainScreen;
  /** The stage that it is part of; a run's page asks the run. */
  stage?: StageId;
  /** With Ctrl (Cmd on a Mac) it leads here. */
  key?: string;
  /** Another id is another page: nothing of the one before stays. */
  fresh?: boolean;
}

export const SCREENS: { readonly [Name in ScreenName]: ScreenEntry } = {
  overview: { title: 'Overview', sidebar: 'study', key: '1' },
  data: { title: 'Data', sidebar: 'study', key: '2', stage: 'data' },
  pretext: { title: 'Pretext', sidebar: 'study', key: '3', stage: 'pretext' },
  finetune: { title: 'Fine-tune', sidebar: 'study', key: '4', stage: 'finetune' },
  compare: { title: 'Compare', sidebar: 'study', key: '5', stage: 'compare' },
  models: { title: 'Models', sidebar: 'study', key: '7' },
  model: { title: 'Model', under: 'models', fresh: true },
  runs: { title: 'Runs', sidebar: 'project', key: '6' },
  import: { title: 'Import data', under: 'data', stage: 'data' },
  dataset: { title: 'Dataset', under: 'data', stage: 'data', fresh: true },
  recording: { title: 'Recording', under: 'data', stage: 'data', fresh: true },
  tournament: { title: 'Find the task that suits', under: 'pretext', stage: 'pretext' },
  transfer: { title: 'Transfers', under: 'finetune', stage: 'transfer' },
  run: { title: 'Run', under: 'runs', fresh: true },
  errors: { title: 'Errors', under: 'compare', fresh: true },
  recipe: { title: 'Run a recipe', under: 'runs' },
  settings: { title: 'Settings', sidebar: 'project', key: ',' },
};

/** Only these need more than a name. */
const WITH_ID: readonly ScreenName[] = ['dataset', 'recording', 'run', 'errors', 'model'];

/** All that can be gone to by name, in the table's order. */
export const PLAIN_SCREENS = (Object.keys(SCREENS) as ScreenName[]).filter(
  (name): name is PlainScreen => !WITH_ID.includes(name),
);

/** The sidebar's groups, from top to bottom. */
export const SIDEBAR: readonly (readonly PlainScreen[])[] = (['study', 'project'] as const).map((group) =>
  PLAIN_SCREENS.filter((name) => SCREENS[name].sidebar === group),
);

/** The entry of the sidebar that stands for a screen. */
export const standsUnder = (screen: ScreenName): ScreenName => SCREENS[screen].under ?? screen;

/** The screen that a stage of the stage bar leads to. */
export const screenOfStage = (stage: StageId): PlainScreen =>
  PLAIN_SCREENS.find((name) => SCREENS[name].stage === stage && (SCREENS[name].sidebar || name === stage)) ??
  'overview';

export const screenOfKey = (key: string): PlainScreen | undefined =>
  PLAIN_SCREENS.find((name) => SCREENS[name].key === key);
