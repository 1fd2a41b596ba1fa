import { runtime } from '../runtime/runtime.js';

/**
 * Leaves a group; a failure is logged. A group that cannot be reached notices by itself that a member has ended, and
 * acknowledged events stay acknowledged.
 */
export async function leaveGracefully(leave: () => Promise<void>, groupId: string): Promise<void> {
  try {
    await leave();
  } catch (error) {
    runtime().logger.warn({ err: error, groupId }, 'leaving the group failed');
  }
}
