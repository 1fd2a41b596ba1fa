/**
 * Gives CommonJS code in a bundle of ES modules a `require` for Node's own modules, until the returned function is called.
 * esbuild writes `require` of a client library into an ES module as it is, where there is none (`Dynamic require of
 * "buffer" is not supported`); it looks for a global one first. Call it in a module that is evaluated before the library,
 * and end it right after: nothing else must see a global `require`. Without a bundle it changes nothing that is used.
 */
export function provideRequire(): () => void {
  const host = globalThis as { require?: unknown };
  if (host.require !== undefined) return () => {};
  host.require = requireBuiltin;
  return () => {
    if (host.require === requireBuiltin) delete host.require;
  };
}

function requireBuiltin(name: string): unknown {
  const found: unknown = process.getBuiltinModule(name);
  if (found !== undefined) return found;
  throw Object.assign(new Error(`Cannot find module '${name}': it is not in the bundle`), {
    code: 'MODULE_NOT_FOUND',
  });
}
