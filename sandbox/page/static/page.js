// The page: which conversation is open, what is shown in it, what its buttons do.

import { compose } from "/static/composer.js";
import { enliven, stateOf } from "/static/controls.js";
import { keepFocus, swap } from "/static/focus.js";
import { know } from "/static/lists.js";
import { menu, pickEmoji, shut } from "/static/menus.js";
import { enlivenModals, showStack } from "/static/modals.js";
import { ask, connect, on } from "/static/wire.js";

const $ = (id) => document.getElementById(id);
const me = document.body.dataset.me;
let world = { apps: [], people: [], channels: [], hints: [], words: {} };
let open = { channel: "", app: "", tab: "messages" };
let thread = { channel: "", ts: "" };

const say = (words) => world.words[words] ?? words;

function toast(text) {
  if ([...$("toasts").children].some((note) => note.textContent === text)) return;
  const note = document.createElement("div");
  note.className = "toast";
  note.textContent = text;
  $("toasts").append(note);
  setTimeout(() => note.remove(), 8000);
}

async function tryTo(what, about) {
  const answer = await ask(what, about);
  if (answer.ok === false && answer.text && !answer.errors) toast(answer.text);
  return answer;
}

// Conversations

async function go(about) {
  const answer = await tryTo("open", about);
  if (answer.ok === false) return;
  open = { channel: answer.channel, app: answer.app, tab: about.tab ?? (answer.home || answer.app ? "home" : "messages") };
  const app = world.apps.find((a) => a.id === answer.app);
  if (open.tab === "home" && !app?.home) open.tab = "messages";
  $("title").textContent = (answer.direct ? "" : "# ") + answer.title;
  document.title = `${$("title").textContent} · ${document.body.dataset.team}`;
  $("topic").textContent = answer.topic;
  $("tabs").hidden = !app?.home;
  $("sidebar").innerHTML = answer.sidebar;
  $("home").innerHTML = answer.home;
  if (app && !answer.home) $("home").textContent = say("Nothing here yet. The app shows its Home when it is connected.");
  $("messages").innerHTML = answer.html;
  $("older").hidden = !answer.older;
  $("composer").hidden = !answer.member || answer.archived;
  notice(answer);
  welcome(answer.empty);
  showTab();
  closeSide();
  document.body.classList.remove("menu-open");
  const url = new URL(location.href);
  url.hash = open.channel;
  history.replaceState(null, "", url);
  atEnd = true;
  reachLast();
  bottom();
}

function notice(answer) {
  const box = $("notice");
  box.hidden = answer.member && !answer.archived;
  box.replaceChildren(answer.archived ? say("archived") : "");
  if (!answer.member && !answer.archived) {
    const join = document.createElement("button");
    join.type = "button";
    join.className = "primary";
    join.textContent = say("Join channel");
    join.onclick = async () => {
      await tryTo("join", { channel: open.channel });
      go({ channel: open.channel });
    };
    box.append(join);
  }
}

function showTab() {
  const home = open.tab === "home";
  $("home").hidden = !home;
  $("messages").hidden = home;
  $("composer").classList.toggle("away", home);
  for (const tab of $("tabs").children) {
    tab.setAttribute("aria-selected", String(tab.dataset.tab === open.tab));
    tab.tabIndex = tab.dataset.tab === open.tab ? 0 : -1;
  }
  if (home) $("welcome").hidden = true;
}

/** Offer what to try first; what is not for a channel is said to the app itself. */
function welcome(empty) {
  const box = $("welcome");
  const [app] = world.apps;
  const here = world.hints.filter((hint) => (hint.channel ? hint.channel === open.channel : app));
  box.hidden = !empty;
  if (!here.length) return box.replaceChildren(say("Nothing was said here yet."));
  const head = document.createElement("p");
  head.textContent = say("Try this");
  const anyone = document.createElement("p");
  anyone.className = "muted";
  anyone.textContent = say("You can act as anyone here: choose above.");
  const list = document.createElement("ul");
  list.append(...here.map((hint) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "try";
    button.textContent = hint.text;
    const elsewhere = !hint.channel && open.app !== app.id;
    button.onclick = async () => {
      if (elsewhere) await go({ app: app.id, tab: "messages" });
      main.fill(hint.text);
    };
    item.append(button);
    if (elsewhere) item.append(" ", say("to"), " ", app.name);
    return item;
  }));
  box.replaceChildren(head, list, anyone);
}

function bottom() {
  const box = $("scroller");
  box.scrollTop = open.tab === "home" ? 0 : box.scrollHeight;
}

// Messages take their height when they come into view, so the end must be kept to.
let atEnd = true;
$("scroller").addEventListener("scroll", () => (atEnd = nearBottom()));
new ResizeObserver(() => atEnd && bottom()).observe($("messages"));

function nearBottom() {
  const box = $("scroller");
  return box.scrollHeight - box.scrollTop - box.clientHeight < 160;
}

function place(html, list, said) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const fresh = holder.content.firstElementChild;
  const known = list.querySelector(`.message[data-ts="${said.ts}"]`);
  if (known) swap(known, fresh);
  else if (said.kind === "message") {
    let later = list.lastElementChild;
    while (later && !(later.dataset.ts < said.ts)) later = later.previousElementSibling;
    if (later) later.after(fresh);
    else list.append(fresh);
    if (later?.dataset.day !== fresh.dataset.day) fresh.before(dayLine(fresh.dataset.day));
    reachLast();
  }
}

const TOGETHER = 300;

/** Let what one author says within five minutes stand under one name. */
function group(list) {
  let before = null;
  for (const one of list.children) {
    const soon = before && one.dataset.ts - before.dataset.ts < TOGETHER;
    one.classList.toggle("follows", Boolean(soon && one.dataset.by && one.dataset.by === before.dataset.by));
    before = one;
  }
}
for (const list of [$("messages"), $("thread")]) {
  new MutationObserver(() => group(list)).observe(list, { childList: true });
}

/** Let the keyboard reach the list of messages by its newest one. */
function reachLast() {
  for (const list of [$("messages"), $("thread")]) {
    const last = list.querySelector(":scope > .message:last-of-type");
    for (const old of list.querySelectorAll(".message[tabindex='0']")) old.tabIndex = -1;
    if (last) last.tabIndex = 0;
  }
}

function stepMessages(event) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!step || !event.target.matches(".message")) return;
  event.preventDefault();
  const all = [...event.currentTarget.querySelectorAll(".message")];
  const next = all[all.indexOf(event.target) + step];
  if (!next) return;
  event.target.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
$("messages").addEventListener("keydown", stepMessages);
$("thread").addEventListener("keydown", stepMessages);

function dayLine(day) {
  const line = document.createElement("div");
  line.className = "day";
  line.setAttribute("role", "separator");
  line.append(document.createElement("span"));
  line.firstChild.textContent = day;
  return line;
}

function told(said) {
  if (said.channel === open.channel && said.html) {
    place(said.html, $("messages"), said);
    $("welcome").hidden = true;
    if (atEnd) bottom();
    if (said.kind === "message" && document.hasFocus() && open.tab === "messages") ask("read", { channel: open.channel });
  }
  if (said.thread_html && said.channel === thread.channel) {
    place(said.thread_html, $("thread"), said);
    $("thread").lastElementChild?.scrollIntoView({ block: "end" });
  }
}

on("message", told);
on("changed", told);
on("gone", (said) => {
  for (const gone of document.querySelectorAll(`.message[data-ts="${said.ts}"]`)) gone.remove();
});
on("sidebar", (said) => keepFocus($("sidebar"), () => ($("sidebar").innerHTML = said.html)));
on("error", (said) => toast(said.text));
on("reset", () => location.reload());
on("home", (said) => {
  if (said.app !== open.app) return;
  keepFocus($("home"), () => ($("home").innerHTML = said.html));
});
on("traffic", (said) => {
  $("traffic").insertAdjacentHTML("afterbegin", said.html);
  while ($("traffic").children.length > 300) $("traffic").lastElementChild.remove();
});
on("typing_status", (said) => {
  if (said.thread_ts === thread.ts) $("status").textContent = said.status;
});
on("title", (said) => {
  if (said.thread_ts === thread.ts) $("side").querySelector("h2").textContent = said.title;
});
on("prompts", (said) => said.thread_ts === thread.ts && showPrompts(said.prompts));

on("hello", (said) => {
  world = said;
  know(said.people, said.channels, say);
  $("sidebar").innerHTML = said.sidebar;
  stack(said.stack);
  $("toasts").replaceChildren();
  const wanted = location.hash.slice(1) || said.first;
  if (!wanted) {
    $("title").textContent = document.body.dataset.team;
    $("composer").hidden = true;
    return;
  }
  go({ channel: wanted, tab: "messages" }).then(() => {
    if (!open.channel && said.first) go({ channel: said.first });
  });
  if (!$("inspector").hidden) inspect(true);
});

$("sidebar").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { open: channel, app, person } = button.dataset;
  go(channel ? { channel } : app ? { app, tab: "home" } : { person });
});
$("tabs").addEventListener("click", (event) => {
  const tab = event.target.closest("button")?.dataset.tab;
  if (tab) go({ channel: open.channel, tab });
});
$("tabs").addEventListener("keydown", (event) => {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  const other = [...$("tabs").children].find((tab) => tab !== event.target);
  other.focus();
  other.click();
});
let fetching = false;

/** Draw older messages above the oldest; what is read stays where it is. */
async function older() {
  if (fetching || $("older").hidden) return;
  fetching = true;
  const list = $("messages");
  const { channel } = open;
  const answer = await tryTo("older", { channel, before: list.querySelector(".message")?.dataset.ts ?? "" });
  fetching = false;
  if (channel !== open.channel || answer.ok === false) return;
  const box = $("scroller");
  const below = box.scrollHeight - box.scrollTop;
  list.insertAdjacentHTML("afterbegin", answer.html);
  $("older").hidden = !answer.older;
  box.scrollTop = box.scrollHeight - below;
}
$("older").onclick = older;
$("scroller").addEventListener("scroll", () => $("scroller").scrollTop < 200 && open.tab === "messages" && !atEnd && older());

// Typing

async function upload(file, text, place) {
  const form = new FormData();
  form.set("channel", place.channel);
  form.set("thread_ts", place.ts ?? "");
  form.set("text", text);
  form.set("file", file);
  const answer = await fetch("/_page/upload?as=" + encodeURIComponent(me), { method: "POST", body: form });
  const said = await answer.json();
  if (!said.ok) toast(answer.status === 413 ? say("That file is too large.") : said.error);
  return said;
}

const emoji = async (text) => (await ask("emoji", { text })).emoji;
const main = compose($("composer"), {
  emoji,
  world: () => world,
  send: (text) => tryTo("say", { channel: open.channel, text }),
  upload: (file, text) => upload(file, text, { channel: open.channel }),
});
compose($("replier"), {
  emoji,
  world: () => ({ ...world, apps: [] }),
  send: (text) => {
    const also = $("replier").querySelector("[name=broadcast]");
    const broadcast = also.checked;
    also.checked = false;
    return tryTo("say", { channel: thread.channel, text, thread_ts: thread.ts, broadcast });
  },
  upload: (file, text) => upload(file, text, thread),
});

// Messages: threads, reactions, edits, shortcuts

async function openThread(channel, ts) {
  thread = { channel, ts };
  const answer = await tryTo("open_thread", thread);
  $("thread").innerHTML = answer.html;
  $("status").textContent = answer.status;
  $("side").querySelector("h2").textContent = answer.title || say("Thread");
  showPrompts(answer.prompts);
  $("side").hidden = false;
  $("replier").querySelector(".broadcast").hidden = open.app !== "";
  reachLast();
  $("thread").scrollTop = $("thread").scrollHeight;
  $("replier").querySelector("textarea").focus();
}

function showPrompts(prompts) {
  $("prompts").replaceChildren(...(prompts ?? []).map((prompt) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "try";
    button.textContent = prompt.title;
    button.onclick = () => tryTo("say", { channel: thread.channel, text: prompt.message, thread_ts: thread.ts });
    return button;
  }));
}

function closeSide() {
  const within = $("side").contains(document.activeElement);
  const ts = thread.ts;
  $("side").hidden = true;
  thread = { channel: "", ts: "" };
  if (within) $("messages").querySelector(`.message[data-ts="${ts}"]`)?.focus();
}
$("closeside").onclick = closeSide;

function messageOf(target) {
  const message = target.closest(".message");
  return message && { element: message, channel: message.dataset.channel, ts: message.dataset.ts };
}

function onMessages(event) {
  const at = messageOf(event.target);
  if (!at) return;
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches(".replies, .open-thread")) openThread(at.channel, at.ts);
  else if (button.matches(".reaction")) {
    tryTo("react", { ...where(at), name: button.dataset.name, remove: button.getAttribute("aria-pressed") === "true" });
  } else if (button.matches(".react")) pickEmoji(button, say("Add a reaction"), emoji, (name) => tryTo("react", { ...where(at), name }));
  else if (button.matches(".more")) moreActions(button, at);
}
$("messages").addEventListener("click", onMessages);
$("thread").addEventListener("click", onMessages);

const where = (at) => ({ channel: at.channel, ts: at.ts });

function moreActions(button, at) {
  const mine = at.element.hasAttribute("data-mine");
  const hidden = at.element.classList.contains("private");
  const items = [];
  if (!hidden) {
    for (const app of world.apps) {
      for (const shortcut of app.shortcuts.filter((s) => s.type === "message")) {
        items.push({ label: `${shortcut.name} — ${app.name}`, act: () => tryTo("shortcut", { callback_id: shortcut.callback_id, ...where(at) }) });
      }
    }
  }
  if (mine) {
    items.push({ label: say("Edit"), act: () => edit(at) });
    items.push({ label: say("Delete"), act: () => tryTo("delete", where(at)) });
  }
  if (hidden) items.push({ label: say("Dismiss"), act: () => tryTo("delete", where(at)) });
  if (!items.length) items.push({ label: say("Reply in thread"), act: () => openThread(at.channel, at.ts) });
  menu(button, items);
}

async function edit(at) {
  const body = at.element.querySelector(".said");
  if (!body) return;
  const form = document.createElement("form");
  form.className = "editing";
  const box = document.createElement("textarea");
  box.setAttribute("aria-label", say("Edit"));
  box.value = (await ask("typed", where(at))).text;
  const save = document.createElement("button");
  save.textContent = say("Save");
  save.className = "primary";
  const cancel = document.createElement("button");
  cancel.type = "button";
  cancel.textContent = say("Cancel");
  form.append(box, save, cancel);
  body.replaceWith(form);
  box.focus();
  const back = () => {
    form.replaceWith(body);
    at.element.focus();
  };
  cancel.onclick = back;
  form.onkeydown = (event) => {
    if (event.key === "Enter" && !event.shiftKey && event.target === box && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      back();
    }
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    back();
    tryTo("edit", { ...where(at), text: box.value });
  };
}

// What blocks do

const page = {
  go: (channel) => go({ channel }),
  act(root, value) {
    const holder = root.closest(".modal, #home, .message");
    const about = { container: containerOf(holder), block_id: root.dataset.blockId, action_id: root.dataset.actionId, value };
    about.state = stateOf(holder);
    root.classList.add("busy");
    tryTo("action", about).finally(() => root.classList.remove("busy"));
  },
  async search(root, text) {
    const holder = root.closest(".modal, #home, .message");
    const answer = await tryTo("options", {
      container: containerOf(holder), block_id: root.dataset.blockId, action_id: root.dataset.actionId, value: text,
    });
    return answer.html ?? "";
  },
  conversations: async (text, filter) => (await tryTo("conversations", { text, filter: JSON.parse(filter || "null") })).found ?? [],
  async upload(root, files) {
    const shared = [];
    for (const file of files) {
      const said = await upload(file, "", { channel: "" });
      if (said.ok) shared.push(said.file);
    }
    return shared;
  },
};
enliven($("messages"), page);
enliven($("thread"), page);
enliven($("home"), page);
enliven($("modals"), page);

function containerOf(holder) {
  if (holder.matches(".message")) {
    return { type: "message", channel_id: holder.dataset.channel, message_ts: holder.dataset.ts };
  }
  return { type: "view", view_id: holder.dataset.view ?? homeView() };
}

const homeView = () => $("home").querySelector("[data-home]")?.dataset.home ?? "";

const stack = (views) => {
  document.body.classList.toggle("has-modal", views.length > 0);
  showStack($("modals"), views, [$("top"), $("sidebar"), $("main"), $("side"), $("inspector")]);
};
on("stack", (said) => stack(said.views));
enlivenModals($("modals"), tryTo);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (shut()) return;
  const form = document.querySelector(".modal");
  if (form) return void tryTo("close", { view: form.dataset.view });
  if (!$("side").hidden) closeSide();
});

// Shortcuts, assistant, inspector, who and how

$("composer").querySelector(".shortcuts").onclick = (event) => {
  const items = world.apps.flatMap((app) => [
    ...app.shortcuts.filter((s) => s.type === "global").map((s) => ({
      label: `${s.name} — ${app.name}`,
      act: () => tryTo("shortcut", { callback_id: s.callback_id }),
    })),
    ...(app.assistant ? [{ label: `${say("Assistant")} — ${app.name}`, act: () => assistant(app) }] : []),
  ]);
  menu(event.currentTarget, items.length ? items : [{ label: say("No shortcuts") }]);
};

async function assistant(app) {
  const started = await tryTo("assistant", { app: app.id, context: open.channel });
  if (started.ok === false) return;
  await openThread(started.channel, started.thread_ts);
}
async function inspect(show) {
  $("inspector").hidden = !show;
  $("inspect").setAttribute("aria-expanded", String(show));
  const { entries } = await ask("inspect", { on: show });
  $("traffic").innerHTML = entries.reverse().join("");
}
$("inspect").onclick = () => inspect($("inspector").hidden);
$("closeinspector").onclick = () => inspect(false);

function reload(name, value) {
  const url = new URL(location.href);
  if (value) url.searchParams.set(name, value);
  else url.searchParams.delete(name);
  if (name === "as") url.hash = "";
  location.href = url;
}
$("as").onchange = (event) => reload("as", event.target.value);
$("lang").onchange = (event) => reload("lang", event.target.value);
$("theme").onchange = (event) => reload("theme", event.target.value);
$("menu").onclick = () => {
  const shown = document.body.classList.toggle("menu-open");
  $("menu").setAttribute("aria-expanded", String(shown));
};
connect(() => toast(say("The connection was lost. Trying again…")));
