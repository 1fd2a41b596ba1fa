import * as analytics from './analytics/index.js';
import * as authz from './authz/index.js';
import * as content from './content/index.js';
import * as contentAuthoring from './content-authoring/index.js';
import * as enterprise from './enterprise/index.js';
import * as learning from './learning/index.js';

/** Every event and data class, by subdomain. Importing this registers all events of the catalogue. */
export { analytics, authz, content, contentAuthoring, enterprise, learning };
