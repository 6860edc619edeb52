// A JSON document, typed or from a file.

import { useId } from "preact/hooks";

/** What the Worker takes in one call. */
export const MOST_BYTES = 1024 * 1024;

interface Field {
  readonly label: string;
  readonly help: string;
  readonly text: string;
  readonly change: (text: string) => void;
}

/** A text field and a file that fills it. */
export function DocumentField({ label, help, text, change }: Field) {
  const [field, file, words] = [useId(), useId(), useId()];
  const take = async (input: HTMLInputElement) => {
    const [chosen] = input.files ?? [];
    if (chosen) change(await chosen.text());
    // The same file may be chosen again after it was changed.
    input.value = "";
  };
  return (
    <>
      <p class="field"><label for={file}>From a file</label><input id={file} type="file" accept=".json,application/json" onChange={(event) => void take(event.currentTarget)} /></p>
      <p class="field is-tall"><label for={field}>{label}</label>
        <textarea id={field} rows={8} spellcheck={false} value={text} aria-describedby={words} onInput={(event) => change(event.currentTarget.value)} /></p>
      <p class="about" id={words}>{help}</p>
    </>
  );
}
