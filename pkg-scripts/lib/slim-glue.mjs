// The wasm's JavaScript side without what no browser of today needs: that travels to everybody.
import { readFileSync } from "node:fs";
import { StepFailed } from "./run.mjs";

/** What goes, and what stands in its place. Each must be there: a new version of the binding tool is to be read again. */
const CUTS = [
  // A text is encoded in one piece: as fast for short ones, and twice as fast for a list. By one encoder: making it takes as
  // long as encoding.
  [/if \(!\('encodeInto' in cachedTextEncoder\)\) \{[\s\S]*?\n\}\n/, ""],
  [/function passStringToWasm0\([\s\S]*?\n\}\n/, "const passStringToWasm0 = (text) => passArray8ToWasm0(cachedTextEncoder.encode(text));\n"],
  [/, wasm\.__wbindgen_malloc(, wasm\.__wbindgen_realloc)?\)/g, ")"],
  [/function passArray8ToWasm0\(arg, malloc\)/, "function passArray8ToWasm0(arg)"],
  [/= malloc\(/g, "= wasm.__wbindgen_malloc("],
  // A decoder of its own for each text is one that has not read too much for Safari.
  [/let cachedTextDecoder = [\s\S]*?numBytesDecoded = 0;\n/, ""],
  [/numBytesDecoded \+= [\s\S]*?\n    \}\n    return cachedTextDecoder\.decode/, "return new TextDecoder('utf-8', { ignoreBOM: true }).decode"],
  // The package frees its engine itself, and holds it until then.
  [/const EngineFinalization = [\s\S]*?;\n/, ""],
  [/ *EngineFinalization\.\w+\([^)]*\);\n/g, ""],
  [/if \(Symbol\.dispose\) Engine\.prototype\[Symbol\.dispose\] = .*\n/, ""],
  [/free\(\) \{\n *const ptr = this\.__destroy_into_raw\(\);\n *wasm\.__wbg_engine_free\(ptr, 0\);/, "free() {\n const ptr = this.__wbg_ptr;\n this.__wbg_ptr = 0;\n wasm.__wbg_engine_free(ptr, 0);"],
  [/__destroy_into_raw\(\) \{[\s\S]*?\n    \}\n/, ""],
  // A view of the memory is cheap to make, and its own is never one of memory that has moved.
  [/let cached\w+ArrayMemory0 = null;\n/g, ""],
  [/ *cached\w+ArrayMemory0 = null;\n/g, ""],
  [/function get\w+ArrayMemory0\(\) \{[\s\S]*?\n\}\n/g, ""],
  [/getUint8ArrayMemory0\(\)\.set\(arg, ptr \/ 1\)/, "new Uint8Array(wasm.memory.buffer, ptr).set(arg)"],
  [/ptr = ptr >>> 0;\s+return decodeText\(getUint8ArrayMemory0\(\)\.subarray\(ptr, ptr \+ len\)\)/, "return decodeText(new Uint8Array(wasm.memory.buffer, ptr >>> 0, len))"],
  [/ptr = ptr >>> 0;\s+return getFloat64ArrayMemory0\(\)\.subarray\(ptr \/ 8, ptr \/ 8 \+ len\)/, "return new Float64Array(wasm.memory.buffer, ptr >>> 0, len)"],
  // WebAssembly makes numbers of what it is given by itself.
  ...Array(2).fill([/const (val\d+) = \+(\w+);\n([\s\S]*?\n {4}\}\n)/g, (_, value, name, rest) => rest.replaceAll(value, name)]),
  // Nobody asks for it.
  [/ *wasmModule = module;\n/, ""],
  [/ *wasmInstance = instance;\n/, ""],
  // Where the wasm has no memory left for an argument, tidying up after the others saves nobody.
  [/try \{\n((?: *(?:ptr|len)\d+ = .*\n)+) *\} catch \(e\) \{\n(?: *if \(ptr\d+\) .*\n)+ *throw e;\n *\}\n/g, "$1"],
  // Numbers that change nothing, and prototypes that nobody asks.
  [/ [*/] 1(?=[,) +])/g, ""],
  [/ *__proto__: null,\n/g, ""],
  // We start it once, and give it a module in an object, always.
  [/if \(wasm !== undefined\) return wasm;\n/g, ""],
  [/if \(module !== undefined\) \{\s*if \(Object\.getPrototypeOf\(module\)[\s\S]*?\n    \}\n/, "({ module } = module);\n"],
  [/if \(!\(module instanceof WebAssembly\.Module\)\) \{[\s\S]*?\n    \}\n/, ""],
];

/** An esbuild plugin that reads the glue shortened, its names too. */
export const slimGlue = (file, withShortNames) => ({
  name: "slim-glue",
  setup: (build) => {
    build.onLoad({ filter: new RegExp(`^${RegExp.escape?.(file) ?? file.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`) }, () => {
      const slim = CUTS.reduce((text, [cut, instead]) => {
        if (text.search(cut) < 0) throw new StepFailed(`${file} has nothing like ${cut} (pkg-scripts/lib/slim-glue.mjs)`);
        return text.replace(cut, instead);
      }, readFileSync(file, "utf8"));
      return { contents: withShortNames(slim), loader: "js" };
    });
  },
});
