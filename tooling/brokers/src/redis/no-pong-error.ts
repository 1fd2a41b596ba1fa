/** A server did not answer PING with PONG; `reply` is its answer, if there was one. */
export class NoPongError extends Error {
  override readonly name = 'NoPongError';
  readonly code = 'BROKERS_NO_PONG';
  readonly reply: string | undefined;

  constructor(
    where: string,
    what: string,
    options: { readonly reply?: string; readonly cause?: unknown } = {},
  ) {
    super(`${where}: ${what}`, { cause: options.cause });
    this.reply = options.reply;
  }
}
