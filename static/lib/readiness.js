/** Whether the server can give numbers at this moment: /readyz says so about its store. */

/** ms; it answers from memory, so a slow answer is none. */
const PATIENCE = 5_000;

/**
 * @returns {Promise<boolean>} false only when the server itself says that its store is gone; a server that cannot be reached is the
 *   connection's affair
 */
export async function storeAnswers(fetch = globalThis.fetch) {
  try {
    const { status } = await fetch("/readyz", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    return status !== 503;
  } catch {
    return true;
  }
}
