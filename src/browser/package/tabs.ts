/** What tabs tell one another. It names nobody and nothing: whoever hears it reads what is stored. */
export type Said = "choice" | "person" | "erased";

/** Lets the tabs of a site hear of one another's changes. */
export class Tabs {
  readonly #channel: BroadcastChannel | undefined;

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
  }
}
