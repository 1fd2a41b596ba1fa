import type { Delivery } from '../types/delivery.js';
import type { LaneEntry } from './lane-window.js';

/** What a lane must finish next in order to progress: its oldest unfinished delivery, or an acknowledgement. */
export interface LaneTask {
  /** The same object as long as it is the same task. */
  readonly subject: object;
  /** Undefined for an acknowledgement. */
  readonly delivery?: Delivery;
  /** Whether the delivery waits for its start. */
  readonly isWaiting?: boolean;
}

/** The tasks of a lane with this oldest entry and this acknowledgement in flight. */
export function laneTasks(
  oldest: LaneEntry | undefined,
  acknowledging: readonly number[] | undefined,
): readonly LaneTask[] {
  const tasks: LaneTask[] = acknowledging === undefined ? [] : [{ subject: acknowledging }];
  if (oldest === undefined || oldest.status === 'abandoned') return tasks;
  const { delivery, status, isExclusive } = oldest;
  tasks.push({ subject: oldest, delivery, isWaiting: status === 'waiting' || isExclusive });
  return tasks;
}
