import { initSync } from "nearside-engine";
import { asError } from "./errors.js";

/** Where the wasm comes from: its address, an answer that carries it, a compiled module, or its bytes. */
export type WasmSource = URL | string | Response | Promise<Response> | WebAssembly.Module | BufferSource;

let starting: Promise<void> | undefined;

/**
 * Starts the engine. Called again it does nothing; calls at the same time share one promise; after a failure it can be called again.
 *
 * @param wasm - where the wasm comes from; `nearside_bg.wasm` beside this file when absent. Node cannot fetch a file: there
 *   give the bytes.
 * @throws {@link NearsideError} `engine-failed`
 */
export function init(wasm?: WasmSource): Promise<void> {
  starting ??= begin(wasm).catch((error: unknown) => {
    starting = undefined;
    throw asError(error);
  });
  return starting;
}

async function begin(wasm: WasmSource = new URL("./nearside_bg.wasm", import.meta.url)): Promise<void> {
  const source = await (typeof wasm === "string" || wasm instanceof URL ? fetch(wasm) : wasm);
  initSync({ module: source instanceof WebAssembly.Module ? source : await compiled(source) });
}

async function compiled(source: Response | BufferSource): Promise<WebAssembly.Module> {
  if (!(source instanceof Response)) return WebAssembly.compile(source);
  // Compiling while it arrives needs the right type; a server that does not know it is no reason to fail. It says what is
  // wrong with an answer that is none.
  const isTyped = !source.ok || source.headers.get("content-type")?.startsWith("application/wasm");
  return isTyped ? WebAssembly.compileStreaming(source) : WebAssembly.compile(await source.arrayBuffer());
}
