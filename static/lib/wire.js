/** From a WebSocket's message to a frame: msgpack for our own pages, JSON for the curious. */

const MSGPACK = new URL("../vendor/msgpack/msgpack.min.js", import.meta.url).href;

/** The subprotocol of each codec (contract, section 4). */
export const SUBPROTOCOLS = { msgpack: "kayan.v1", json: "kayan.v1.json" };

let loading = null;

/** The package has a single file only in UMD form, which is no module: it comes as an ordinary script, once. */
function msgpack() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = MSGPACK;
    script.onload = () => resolve(globalThis.MessagePack);
    script.onerror = () => {
      loading = null;
      script.remove();
      reject(new Error("msgpack could not be loaded"));
    };
    document.head.append(script);
  });
  return loading;
}

/**
 * @param {"msgpack"|"json"} codec
 * @returns {Promise<(data: ArrayBuffer|string) => object>} what makes a frame of a message
 */
export async function decoder(codec) {
  if (codec === "json") return (text) => JSON.parse(text);
  const { decode } = await msgpack();
  return (bytes) => decode(new Uint8Array(bytes));
}
