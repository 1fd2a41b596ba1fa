"""A service's own event: what the matching TypeScript definition is in src/parcel-shipped.ts."""
