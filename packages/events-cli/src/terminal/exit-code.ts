/** The exit codes of the command, documented in the README. */
export const ExitCode = Object.freeze({
  done: 0,
  failure: 1,
  usage: 2,
  unreachable: 3,
  interrupted: 130,
} as const);

/** One of the exit codes. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
