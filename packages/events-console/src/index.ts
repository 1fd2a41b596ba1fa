export type { AccessRule, ConsoleAccess } from './access/console-access.js';
export type { AuditEntry } from './answers/audit-entry.js';
export type { AuditSink } from './audit/audit-trail.js';
export { type ConsoleOptions, createConsole, type EventsConsole } from './create-console.js';
export { type ServeConsoleOptions, type ServedConsole, serveConsole } from './serve-console.js';
