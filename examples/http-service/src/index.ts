export { createHttpApp, type HttpApp } from './create-http-app.js';
export { type HttpSettings, httpSettings } from './http-settings.js';
export { RequestError } from './request-error.js';
export type { RunningService } from './running-service.js';
export { text } from './text.js';
