import type { EventBusAdmin } from '@openedx-ts/events-core/operate';
import type { RedriveJobs } from '../actions/redrive-jobs.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import type { MessageTools } from '../messages/message-tools.js';
import type { BusOverview } from '../views/bus-overview.js';
import type { LiveViews } from './live-views.js';

/** What the routes of a console work with. */
export interface ConsoleParts {
  readonly busName: string;
  readonly traceUrl: string | null;
  /** Whether there is an `access`: without one nobody has a name. */
  readonly hasAccess: boolean;
  readonly admin: EventBusAdmin;
  readonly tools: MessageTools;
  readonly overview: BusOverview;
  readonly jobs: RedriveJobs;
  readonly trail: AuditTrail;
  readonly liveViews: LiveViews;
}
