import type { View } from './stage/featured.ts';
import { Store } from './store.ts';

export const PANELS = ['chat', 'people', 'settings', 'stats'] as const;
export type PanelName = (typeof PANELS)[number];

/** What the user has opened and chosen on this page. */
export interface Ui {
  panel: PanelName | undefined;
  view: View;
  /** The key of what is to be large, whatever happens. */
  pinned: string | undefined;
  /** The page of the pictures. */
  page: number;
  isHelpShown: boolean;
  areReactionsShown: boolean;
  /** Whom the next message is for, by id; undefined: everyone. */
  addressee: string | undefined;
  /** What is written and not sent yet. */
  draft: string;
}

export function newUi(): Store<Ui> {
  return new Store<Ui>({
    panel: undefined,
    view: 'grid',
    pinned: undefined,
    page: 0,
    isHelpShown: false,
    areReactionsShown: false,
    addressee: undefined,
    draft: '',
  });
}

/** Opens a panel, or closes it if it is open. */
export function togglePanel(ui: Store<Ui>, panel: PanelName): void {
  ui.change({ panel: ui.state.panel === panel ? undefined : panel });
}

export function toggleView(ui: Store<Ui>): void {
  ui.change({ view: ui.state.view === 'grid' ? 'speaker' : 'grid', pinned: undefined, page: 0 });
}
