import type { Issue } from '@openedx-ts/events-core';

/** What is said to whoever made a request that cannot be met; everything in it is for their eyes. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly statusCode: number;
  /** For programs, e.g. `ALREADY_ENROLLED`. */
  readonly code: string;
  /** What is wrong with the request, field by field. */
  readonly issues: readonly Issue[];

  constructor(statusCode: number, code: string, message: string, issues: readonly Issue[] = []) {
    super(message);
    this.statusCode = statusCode;
    this.code = code;
    this.issues = issues;
  }
}
