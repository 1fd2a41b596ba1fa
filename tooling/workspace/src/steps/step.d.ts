/** What one step of a check found. */
export interface StepResult {
  readonly passed: number;
  readonly failed: number;
  /** What was not run, each in words a reader understands. */
  readonly skipped: readonly string[];
  /** Shown when something failed. */
  readonly output: string;
}

/** One line of `npm test`. */
export interface Step {
  readonly name: string;
  /** Steps that must have ended, passed or failed, before this one starts. */
  readonly after?: readonly string[];
  /** Steps that must have passed: without them this one fails unrun. */
  readonly needs?: readonly string[];
  run(): Promise<StepResult>;
}
