import type { ConsoleBench } from './console-bench.test-support.js';

/** What can be done in a screen of the console, and the command that does the same. */
export interface ScreenAction {
  readonly screen: string;
  readonly action: string;
  readonly command: string;
  /** Does it in the browser, and compares it with the command. */
  readonly check: (bench: ConsoleBench) => Promise<void>;
}
