// The worker of page.js.
import "./page.js";

self.addEventListener("message", async (event) => self.postMessage(await globalThis.runTask(event.data)));
