/** An event that a test waits for did not come in time. */
export class EventNotReceivedError extends Error {
  override readonly name = 'EventNotReceivedError';
  readonly code = 'EVENTS_TESTING_NOT_RECEIVED';
  readonly eventType: string;
  /** How many events of that type came, whatever became of them. */
  readonly received: number;

  constructor(eventType: string, received: number, detail: string, nearest = '') {
    super(`${detail}: ${received} event(s) of ${eventType} came in all${nearest}`);
    this.eventType = eventType;
    this.received = received;
  }
}
