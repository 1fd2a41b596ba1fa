/** A request that cannot be answered, with the status of the answer. Never leaves this package. */
export class ConsoleError extends Error {
  override readonly name = 'ConsoleError';
  readonly status: 400 | 403 | 404 | 409 | 413 | 501 | 503;
  readonly code: string;

  constructor(status: ConsoleError['status'], code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
