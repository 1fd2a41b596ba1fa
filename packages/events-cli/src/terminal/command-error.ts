/** Codes of the errors that commands raise themselves; errors of the libraries keep their own codes. */
export type CommandErrorCode =
  | 'CLI_CHECK_FAILED'
  | 'CLI_DRIVER'
  | 'CLI_FILE'
  | 'CLI_INPUT'
  | 'CLI_LOCAL_ONLY'
  | 'CLI_NOT_FOUND'
  | 'CLI_OUTPUT'
  | 'CLI_REQUIRE'
  | 'CLI_UNFIT'
  | 'CLI_UNKNOWN_NAME'
  | 'CLI_UNREACHABLE'
  | 'CLI_UNSUPPORTED'
  | 'CLI_USAGE';

/** A failure of a command, with a message for the person at the terminal. */
export class CommandError extends Error {
  readonly code: CommandErrorCode;

  constructor(code: CommandErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CommandError';
    this.code = code;
  }
}
