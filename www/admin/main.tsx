// Starts the page: the token that npm start left, or one that somebody brings.

import { render } from "preact";
import { App } from "./app.js";
import { readStartToken } from "./api.js";

const place = document.getElementById("app");
if (!place) throw new Error("no #app in the markup");
place.replaceChildren();
const start = (token: string) => render(<App firstToken={token} />, place);
readStartToken().then(start, () => start(""));
