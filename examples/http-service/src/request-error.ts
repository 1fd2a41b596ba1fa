import type { Issue } from '@openedx-ts/events-core';

/** An error that the client of a request receives, with everything in it. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly statusCode: number;
  /** For programs, e.g. `ALREADY_ENROLLED`. */
  readonly code: string;
  /** The problems of the request, by field. */
  readonly issues: readonly Issue[];

  constructor(statusCode: number, code: string, message: string, issues: readonly Issue[] = []) {
    super(message);
    this.statusCode = statusCode;
    this.code = code;
    this.issues = issues;
  }
}
