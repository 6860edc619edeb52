/** What tabs tell one another. It names nobody and nothing: whoever hears it reads what is stored, but for a no, which cannot wait. */
export type Said = "no" | "choice" | "person" | "erased";

/** Lets the tabs of a site hear of one another's changes. */
export class Tabs {
  #channel: BroadcastChannel | undefined;

  constructor(name: string, hear: (said: Said) => void) {
    if (!("BroadcastChannel" in globalThis)) return;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<Said>) => hear(data);
    // Under Node an open channel would keep the process from ending.
    (this.#channel as { unref?: () => void }).unref?.();
  }

  say(said: Said): void {
    this.#channel?.postMessage(said);
  }

  close(): void {
    this.#channel?.close();
    // What is still under way when a page disposes of it has nobody to tell.
    this.#channel = undefined;
  }
}
