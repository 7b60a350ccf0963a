/** What draws each screen of the table, and its sign in the sidebar. */
import {
  Database,
  Play,
  Puzzle,
  Scale,
  Settings,
  SlidersHorizontal,
  Sparkles,
  Workflow,
} from '@lucide/svelte';
import type { Component } from 'svelte';
import type { PlainScreen, ScreenName, ScreenParameters } from '../lib/project/screens.ts';
import CompareScreen from './compare/CompareScreen.svelte';
import DataScreen from './data/DataScreen.svelte';
import DatasetScreen from './data/DatasetScreen.svelte';
import ErrorsScreen from './errors/ErrorsScreen.svelte';
import ImportScreen from './import/ImportScreen.svelte';
import FinetuneScreen from './finetune/FinetuneScreen.svelte';
import ModelScreen from './models/ModelScreen.svelte';
import ModelsScreen from './models/ModelsScreen.svelte';
import OverviewScreen from './overview/OverviewScreen.svelte';
import RecordingScreen from './recording/RecordingScreen.svelte';
import RecipeScreen from './recipe/RecipeScreen.svelte';
import PretextScreen from './pretext/PretextScreen.svelte';
import RunScreen from './run/RunScreen.svelte';
import RunsScreen from './runs/RunsScreen.svelte';
import SettingsScreen from './settings/SettingsScreen.svelte';
import TournamentScreen from './tournament/TournamentScreen.svelte';
import TransferScreen from './transfer/TransferScreen.svelte';

/** A screen that needs to know nothing takes no property at all. */
type Drawing<Name extends ScreenName> = Component<
  keyof ScreenParameters[Name] extends never ? Record<string, never> : ScreenParameters[Name]
>;

export const SCREEN_COMPONENTS: { readonly [Name in ScreenName]: Drawing<Name> } = {
  overview: OverviewScreen,
  data: DataScreen,
  dataset: DatasetScreen,
  recording: RecordingScreen,
  import: ImportScreen,
  pretext: PretextScreen,
  tournament: TournamentScreen,
  transfer: TransferScreen,
  finetune: FinetuneScreen,
  compare: CompareScreen,
  errors: ErrorsScreen,
  models: ModelsScreen,
  model: ModelScreen,
  runs: RunsScreen,
  recipe: RecipeScreen,
  run: RunScreen,
  settings: SettingsScreen,
};

export const SCREEN_ICONS: { readonly [Name in PlainScreen]?: typeof Play } = {
  overview: Workflow,
  data: Database,
  pretext: Puzzle,
  finetune: SlidersHorizontal,
  compare: Scale,
  models: Sparkles,
  runs: Play,
  settings: Settings,
};
