/** Deletes in pages until one is not full, or the signal fires. @returns how many were deleted */
export async function purgeInPages(
  purgePage: (maxRows: number) => Promise<number>,
  abortSignal: AbortSignal | undefined,
): Promise<number> {
  let purged = 0;
  for (let page = PAGE_ROWS; page === PAGE_ROWS && !abortSignal?.aborted; purged += page) {
    page = await purgePage(PAGE_ROWS);
  }
  return purged;
}

const PAGE_ROWS = 1_000;
