/** The package has no types of its own. */
declare module 'cluster-key-slot' {
  /** The slot of Redis Cluster to which a key belongs, by its hash tag where it has one. */
  export default function calculateSlot(key: string | Buffer): number;
}
