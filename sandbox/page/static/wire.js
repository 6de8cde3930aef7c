// The tab's WebSocket: questions with answers, and what the workspace tells by itself.

const heard = new Map();
const waiting = new Map();
let socket = null;
let number = 0;
let unsent = [];

/** Call `listener` with each message of `kind`. */
export function on(kind, listener) {
  heard.set(kind, listener);
}

/** Ask the server to do something; resolves to its answer. */
export function ask(what, about = {}) {
  const id = ++number;
  const text = JSON.stringify({ id, do: what, ...about });
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    if (socket && socket.readyState === WebSocket.OPEN) socket.send(text);
    else unsent.push(text);
  });
}

/** Connect, and connect anew whenever the connection is lost. */
export function connect(lost) {
  const address = new URL("/_page/live" + location.search, location.href);
  address.protocol = address.protocol.replace("http", "ws");
  const body = document.body.dataset;
  address.searchParams.set("as", body.me);
  address.searchParams.set("lang", body.lang);
  socket = new WebSocket(address);
  socket.onopen = () => {
    for (const text of unsent) socket.send(text);
    unsent = [];
  };
  socket.onmessage = (event) => {
    const said = JSON.parse(event.data);
    if (said.kind === "answer") {
      waiting.get(said.id)?.(said);
      waiting.delete(said.id);
      return;
    }
    heard.get(said.kind)?.(said);
  };
  socket.onclose = () => {
    lost();
    setTimeout(() => connect(lost), 1000);
  };
}
