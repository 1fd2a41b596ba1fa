import { vi } from 'vitest';

// Without options of their own these end after a second, which a busy machine may take for anything.
const PATIENCE_MS = 60_000;
const { waitFor, waitUntil } = vi;
vi.waitFor = (callback, options = PATIENCE_MS) => waitFor(callback, options);
vi.waitUntil = (callback, options = PATIENCE_MS) => waitUntil(callback, options);
