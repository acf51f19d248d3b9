/** Keeps a screen on that hangs on a wall or stands in a hall. Browsers allow it on https and localhost only; elsewhere the device's
 * own settings must. */
export function stayAwake() {
  const ask = () => {
    if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => {});
  };
  document.addEventListener("visibilitychange", ask);
  ask();
}
