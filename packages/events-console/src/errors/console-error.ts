/** Codes of the answers to requests that the console itself refuses; errors of the libraries keep their own codes. */
export type ConsoleErrorCode =
  | 'CONSOLE_BODY'
  | 'CONSOLE_BUSY'
  | 'CONSOLE_FAILED'
  | 'CONSOLE_MASKED'
  | 'CONSOLE_NOT_CONFIRMED'
  | 'CONSOLE_NOT_FOUND'
  | 'CONSOLE_NO_ACCESS'
  | 'CONSOLE_OTHER_SITE'
  | 'CONSOLE_UNKNOWN_KEY'
  | 'CONSOLE_UNSUPPORTED'
  | 'CONSOLE_VIEW_ONLY';

/** A request that cannot be answered, with the status of the answer. Never leaves this package. */
export class ConsoleError extends Error {
  override readonly name = 'ConsoleError';
  readonly status: 400 | 403 | 404 | 409 | 413 | 501 | 503;
  readonly code: ConsoleErrorCode;

  constructor(status: ConsoleError['status'], code: ConsoleErrorCode, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
