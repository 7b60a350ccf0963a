/** The screens and what each needs to know. */
export type Route =
  | { screen: 'overview' | 'data' | 'import' | 'transfer' | 'runs' | 'settings' | 'tournament' }
  | { screen: 'pretext'; dataset?: string }
  | { screen: 'finetune'; run?: string }
  | { screen: 'compare'; id?: string }
  | { screen: 'dataset' | 'run'; id: string };

export type ScreenName = Route['screen'];
