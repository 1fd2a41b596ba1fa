import { BrokerUnavailableError } from '../ladder/broker-unavailable-error.js';

/** A server on this machine, or why there is none. */
export interface ServerOrReason<Options, Server> {
  /** Why there is none; undefined when there is. For `describe.skipIf`. */
  readonly reason: string | undefined;
  /** A test's title, with the reason when it will be skipped. */
  titled(title: string): string;
  /** Starts one, with the options given before as defaults. */
  start(options?: Options): Promise<Server>;
}

/**
 * Looks for a server without starting it, so that tests can be skipped with a reason.
 * @param kind how to find and to start it
 * @param options what every server of the test file has
 * @throws {BrokerUnavailableError} when there is none and `CI` is `true`: there nothing is skipped
 */
export async function serverOrReason<Options extends object, Server>(
  kind: {
    find(options: Options): Promise<unknown>;
    start(options: Options): Promise<Server>;
  },
  options: Options,
): Promise<ServerOrReason<Options, Server>> {
  const reason = await whyNot(() => kind.find(options));
  return Object.freeze({
    reason,
    titled: (title: string) => (reason === undefined ? title : `${title} (${reason})`),
    start: (more?: Options) => kind.start({ ...options, ...more }),
  });
}

async function whyNot(find: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await find();
    return undefined;
  } catch (error) {
    const inCi = process.env.CI === 'true' || process.env.CI === '1';
    if (inCi || !(error instanceof BrokerUnavailableError)) throw error;
    return error.message;
  }
}
