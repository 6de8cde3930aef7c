// The page: which conversation is open, what is shown in it, what its buttons do.

import { compose } from "/static/composer.js";
import { enliven, know, stateOf } from "/static/controls.js";
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
  for (const tab of $("tabs").children) tab.setAttribute("aria-selected", String(tab.dataset.tab === open.tab));
  if (home) $("welcome").hidden = true;
}

function welcome(empty) {
  const box = $("welcome");
  const here = world.hints.filter((h) => !h.channel || h.channel === open.channel || open.app);
  box.hidden = !empty || !here.length;
  const head = document.createElement("p");
  head.textContent = say("Try this");
  box.replaceChildren(head, ...here.map((hint) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "hint";
    button.textContent = hint.text;
    button.onclick = () => main.fill(hint.text);
    return button;
  }));
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
  if (known) known.replaceWith(fresh);
  else if (said.kind === "message") {
    const later = [...list.querySelectorAll(".message")].reverse().find((m) => m.dataset.ts < said.ts);
    if (later) later.after(fresh);
    else list.append(fresh);
    if (later?.dataset.day !== fresh.dataset.day) fresh.before(dayLine(fresh.dataset.day));
  }
}

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
on("sidebar", (said) => ($("sidebar").innerHTML = said.html));
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
  showStack(said.stack);
  $("toasts").replaceChildren();
  const wanted = location.hash.slice(1) || said.first;
  go(wanted ? { channel: wanted, tab: "messages" } : { channel: said.first }).then(() => {
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
$("older").onclick = async () => {
  const list = $("messages");
  const first = list.querySelector(".message");
  const answer = await ask("older", { channel: open.channel, before: first?.dataset.ts ?? "" });
  const box = $("scroller");
  const below = box.scrollHeight - box.scrollTop;
  list.insertAdjacentHTML("afterbegin", answer.html);
  $("older").hidden = !answer.older;
  box.scrollTop = box.scrollHeight - below;
};

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

const main = compose($("composer"), {
  world: () => world,
  send: (text) => tryTo("say", { channel: open.channel, text }),
  upload: (file, text) => upload(file, text, { channel: open.channel }),
});
compose($("replier"), {
  world: () => ({ ...world, apps: [] }),
  send: (text) => tryTo("say", { channel: thread.channel, text, thread_ts: thread.ts }),
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
  $("replier").querySelector("textarea").focus();
}

function showPrompts(prompts) {
  $("prompts").replaceChildren(...(prompts ?? []).map((prompt) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "hint";
    button.textContent = prompt.title;
    button.onclick = () => tryTo("say", { channel: thread.channel, text: prompt.message, thread_ts: thread.ts });
    return button;
  }));
}

function closeSide() {
  $("side").hidden = true;
  thread = { channel: "", ts: "" };
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
  } else if (button.matches(".react")) pickEmoji(button, at);
  else if (button.matches(".more")) moreActions(button, at);
}
$("messages").addEventListener("click", onMessages);
$("thread").addEventListener("click", onMessages);

const where = (at) => ({ channel: at.channel, ts: at.ts });

function menu(anchor, items) {
  document.querySelector(".floating")?.remove();
  const list = document.createElement("div");
  list.className = "floating";
  list.setAttribute("role", "menu");
  for (const { label, act } of items) {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("role", "menuitem");
    button.textContent = label;
    button.onclick = () => {
      list.remove();
      act();
    };
    list.append(button);
  }
  document.body.append(list);
  float(list, anchor);
  list.querySelector("button")?.focus();
  return list;
}

function float(list, anchor) {
  const box = anchor.getBoundingClientRect();
  const { innerWidth: wide, innerHeight: high } = window;
  list.style.left = Math.max(8, Math.min(box.left, wide - list.offsetWidth - 8)) + "px";
  const below = box.bottom + 4;
  list.style.top = (below + list.offsetHeight > high ? Math.max(8, box.top - list.offsetHeight - 4) : below) + "px";
  const away = (event) => {
    if (list.contains(event.target) || anchor.contains(event.target)) return;
    list.remove();
    document.removeEventListener("pointerdown", away);
  };
  document.addEventListener("pointerdown", away);
}

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

function edit(at) {
  const body = at.element.querySelector(".said");
  if (!body) return;
  const form = document.createElement("form");
  form.className = "editing";
  const box = document.createElement("textarea");
  box.value = body.innerText;
  const save = document.createElement("button");
  save.textContent = say("Save");
  save.className = "primary";
  const cancel = document.createElement("button");
  cancel.type = "button";
  cancel.textContent = say("Cancel");
  form.append(box, save, cancel);
  body.replaceWith(form);
  box.focus();
  cancel.onclick = () => form.replaceWith(body);
  form.onsubmit = (event) => {
    event.preventDefault();
    form.replaceWith(body);
    tryTo("edit", { ...where(at), text: box.value });
  };
}

async function pickEmoji(button, at) {
  const box = document.createElement("div");
  box.className = "floating emoji";
  const input = document.createElement("input");
  input.type = "search";
  input.setAttribute("aria-label", say("Add a reaction"));
  const list = document.createElement("div");
  box.append(input, list);
  document.body.append(box);
  const show = async () => {
    const { emoji } = await ask("emoji", { text: input.value });
    list.replaceChildren(...emoji.map(([name, sign]) => {
      const one = document.createElement("button");
      one.type = "button";
      one.title = `:${name}:`;
      one.textContent = sign;
      one.onclick = () => {
        box.remove();
        tryTo("react", { ...where(at), name });
      };
      return one;
    }));
  };
  input.oninput = show;
  await show();
  float(box, button);
  input.focus();
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
  async upload(root, files) {
    const shared = [];
    for (const file of files) {
      const said = await upload(file, "", { channel: open.channel });
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

function keepFocus(root, change) {
  const focused = root.contains(document.activeElement) ? document.activeElement : null;
  const id = focused?.id;
  const caret = focused?.selectionStart;
  change();
  const again = id && document.getElementById(id);
  if (!again) return;
  again.focus();
  if (caret !== undefined && again.setSelectionRange && /text|search|url|tel|password|textarea/.test(again.type)) {
    again.setSelectionRange(caret, caret);
  }
}

// Modals: a stack per person; only the one on top is there

let before = null;

function showStack(views) {
  const box = $("modals");
  const top = views.at(-1);
  if (!box.children.length && top) before = document.activeElement;
  keepFocus(box, () => {
    box.innerHTML = top ? top.html : "";
  });
  document.body.classList.toggle("has-modal", Boolean(top));
  for (const part of [$("top"), $("sidebar"), $("main"), $("side"), $("inspector")]) part.inert = Boolean(top);
  if (!top) return before?.focus?.();
  if (!box.contains(document.activeElement)) {
    const first = box.querySelector("[data-focus] input, [data-focus] textarea, .content input, .content textarea, .content select, .content button, footer button");
    first?.focus();
  }
}
on("stack", (said) => showStack(said.views));

$("modals").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target.closest(".modal");
  const button = form.querySelector("footer [type=submit]");
  if (!button || button.disabled) return;
  button.disabled = true;
  const answer = await tryTo("submit", { view: form.dataset.view, values: stateOf(form) });
  button.disabled = false;
  showErrors(form, answer.errors ?? {});
});
$("modals").addEventListener("click", (event) => {
  const form = event.target.closest(".modal");
  if (!form) return;
  if (event.target.closest(".dismiss")) tryTo("close", { view: form.dataset.view, clear: true });
  if (event.target.closest("footer .close")) tryTo("close", { view: form.dataset.view });
});

function showErrors(form, errors) {
  for (const input of form.querySelectorAll("[data-input]")) {
    const wrong = errors[input.dataset.input];
    const error = input.querySelector(".error");
    if (error) {
      error.hidden = !wrong;
      error.textContent = wrong ?? "";
    }
    for (const control of input.querySelectorAll("input, textarea")) control.toggleAttribute("aria-invalid", Boolean(wrong));
  }
  form.querySelector("[aria-invalid]")?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const floating = document.querySelector(".floating");
  if (floating) return floating.remove();
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
  menu(event.currentTarget, items.length ? items : [{ label: "–", act: () => {} }]);
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
