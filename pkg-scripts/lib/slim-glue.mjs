// The wasm's JavaScript side without what no browser of today needs: that travels to everybody.
import { readFileSync } from "node:fs";
import { StepFailed } from "./run.mjs";

/** What goes, and what stands in its place. Each must be there: a new version of the binding tool is to be read again. */
const CUTS = [
  // Every browser with wasm and ES modules has it.
  [/if \(!\('encodeInto' in cachedTextEncoder\)\) \{[\s\S]*?\n\}\n/, ""],
  // The package frees its engine itself, and holds it until then.
  [/const EngineFinalization = [\s\S]*?;\n/, ""],
  [/ *EngineFinalization\.\w+\([^)]*\);\n/g, ""],
  [/if \(Symbol\.dispose\) Engine\.prototype\[Symbol\.dispose\] = .*\n/, ""],
  // Nobody asks for it.
  [/ *wasmModule = module;\n/, ""],
  // Where the wasm has no memory left for an argument, tidying up after the others saves nobody.
  [/try \{\n((?: *(?:ptr|len)\d+ = .*\n)+) *\} catch \(e\) \{\n(?: *if \(ptr\d+\) .*\n)+ *throw e;\n *\}\n/g, "$1"],
  // We give it a module in an object, always.
  [/if \(module !== undefined\) \{\s*if \(Object\.getPrototypeOf\(module\)[\s\S]*?\n    \}\n/, "({ module } = module);\n"],
  [/if \(!\(module instanceof WebAssembly\.Module\)\) \{[\s\S]*?\n    \}\n/, ""],
];

/** An esbuild plugin that reads the glue shortened. */
export const slimGlue = (file) => ({
  name: "slim-glue",
  setup: (build) => {
    build.onLoad({ filter: new RegExp(`^${RegExp.escape?.(file) ?? file.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`) }, () => {
      const slim = CUTS.reduce((text, [cut, instead]) => {
        if (text.search(cut) < 0) throw new StepFailed(`${file} has nothing like ${cut} (pkg-scripts/lib/slim-glue.mjs)`);
        return text.replace(cut, instead);
      }, readFileSync(file, "utf8"));
      return { contents: slim, loader: "js" };
    });
  },
});
