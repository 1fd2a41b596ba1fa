import type { Issue } from '../errors/events-error.js';

/** A value that JSON cannot hold, with its path inside the JSON value. */
export class InvalidJsonError extends Error {
  readonly issue: Issue;

  constructor(issue: Issue) {
    super(issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`);
    this.issue = issue;
  }
}
