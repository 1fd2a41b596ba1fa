import type { ParkedSelection } from './parked-filter.js';

/** Which parked entries an action is for, and how it is done. */
export interface ParkedAction extends ParkedSelection {
  /** Reports what would be done, and does nothing. @defaultValue false */
  readonly dryRun?: boolean;
  /** Ends it early, after a page. @defaultValue none */
  readonly abortSignal?: AbortSignal;
}
