import { isReaderClosed } from './is-reader-closed.js';

/**
 * Runs the part of a command that writes to stdout what its work and its exit code do not depend on. A reader that closes
 * stdout before the end (`| head`) ends this part alone: the command finishes its work, and a check still fails.
 */
export async function whileRead(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!isReaderClosed(error)) throw error;
  }
}
