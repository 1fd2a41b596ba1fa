import { describeOutboxService } from './describe-outbox-service.test-support.js';

describeOutboxService('the service with an outbox, on PGlite', () => undefined);
