// Preloaded by processes that run another version: RELIABILITY_CLONE is the clone whose packages they import.
import { register } from 'node:module';

register('./resolve-in-clone.js', import.meta.url, { data: process.env.RELIABILITY_CLONE });
