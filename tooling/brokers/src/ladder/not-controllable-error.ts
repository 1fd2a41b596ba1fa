/** A server whose address came from the environment belongs to somebody else: it is not stopped, killed or frozen. */
export class NotControllableError extends Error {
  override readonly name = 'NotControllableError';
  readonly code = 'BROKERS_NOT_CONTROLLABLE';
  readonly action: string;

  constructor(broker: string, action: string, variable: string) {
    super(
      `${action} is not available: the address of ${broker} came from ${variable}. ` +
        'A test that needs this asks for a server of its own with `own: true`.',
    );
    this.action = action;
  }
}
