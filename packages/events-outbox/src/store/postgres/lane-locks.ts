/**
 * The first number of the advisory locks of lanes; the second is the lane. The same for every table name, so that
 * writers of any language that follow the README exclude each other. The bytes of `obox`.
 */
export const LANE_LOCKS = 0x6f_62_6f_78;

/** The second number of the lock under which tables are migrated; lanes end before it. */
export const MIGRATION_LOCK = 1_024;
