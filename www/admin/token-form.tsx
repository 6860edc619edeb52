// Where somebody brings a token of their own. It stays in memory.

import { useEffect, useRef } from "preact/hooks";

/** Asks for a token. */
export function TokenForm({ notice, use }: { notice: string; use: (token: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = (event: Event) => {
    event.preventDefault();
    const token = field.current?.value.trim();
    if (token) use(token);
  };
  return (
    <form class="token panel" onSubmit={submit}>
      <h2>Whose token?</h2>
      {notice && <p class="notice" role="alert">{notice}</p>}
      <p>A monitor's token reads the overview and the models; an admin's reads and changes everything here.</p>
      <div class="field">
        <label for="token">Token of a monitor or an admin</label>
        <input id="token" ref={field} type="password" autocomplete="off" spellcheck={false} required aria-describedby="token-help" />
      </div>
      <p id="token-help" class="about">For development: <code>npm run --silent token -- --role admin --user YOUR-ID</code> prints one, where YOUR-ID is any UUID.</p>
      <button type="submit" class="main">Go on</button>
    </form>
  );
}
