/** Following the presenter's page or reading freely: a pure state that the paper pane draws. */
import type { Presenter } from "./types";

export interface Follow {
  readonly following: boolean;
  /** The last turn of the presenter that was followed; each is followed once. */
  readonly turns: number;
}

export const FOLLOWING: Follow = { following: true, turns: 0 };

/** The hand is on the paper: from now on nothing moves under it until the switch is pressed. */
export const touched = (follow: Follow, presenter: Presenter | null): Follow =>
  presenter && follow.following ? { ...follow, following: false } : follow;

/** The switch between following and reading freely; who follows again is taken to the page at once. */
export const switched = (follow: Follow): Follow => ({ following: !follow.following, turns: 0 });

/** The page to go to now, null where the screen stays as it is. */
export function pageToShow(follow: Follow, presenter: Presenter | null): number | null {
  if (!presenter || !follow.following || presenter.turns === follow.turns) return null;
  return presenter.page;
}

export const shown = (follow: Follow, presenter: Presenter): Follow => ({ ...follow, turns: presenter.turns });
