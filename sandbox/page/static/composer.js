// The box to type in: completion of commands, people, channels, emoji; sending; files.

/**
 * Bring a composer to life; `send(text)` posts, `upload(file, text)` shares a file,
 * `emoji(text)` gives `[[name, sign]]`.
 */
export function compose(form, { world, send, upload, emoji }) {
  const box = form.querySelector("textarea");
  const list = form.querySelector(".completion");
  const picker = form.querySelector("input[type=file]");

  const grow = () => {
    box.style.height = "auto";
    box.style.height = Math.min(box.scrollHeight + 2, 240) + "px";
  };

  const fill = (text) => {
    box.value = text;
    grow();
    box.focus();
    box.setSelectionRange(text.length, text.length);
  };

  const submit = async () => {
    const text = box.value.trim();
    if (!text) return;
    box.value = "";
    grow();
    hide();
    const answer = await send(text);
    // What could not be sent is not lost.
    if (answer?.ok === false && !box.value) fill(text);
  };

  const hide = () => {
    list.hidden = true;
    list.replaceChildren();
    box.removeAttribute("aria-activedescendant");
  };

  const offer = async () => {
    const before = box.value;
    const found = completions(box, world()) ?? (await signs(box, emoji));
    if (box.value !== before) return;
    list.replaceChildren(...found.map(item));
    list.hidden = found.length === 0;
    mark(list.firstElementChild);
  };

  const item = (one, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.id = `${list.id}-${at}`;
    button.tabIndex = -1;
    button.setAttribute("role", "option");
    const name = document.createElement("b");
    name.textContent = one.shown;
    const hint = document.createElement("span");
    hint.className = "muted";
    hint.textContent = one.hint ?? "";
    button.append(name, " ", hint);
    button.onclick = () => take(one);
    return button;
  };

  const mark = (option) => {
    for (const old of list.children) {
      old.classList.toggle("active", old === option);
      old.setAttribute("aria-selected", String(old === option));
    }
    if (!option) return box.removeAttribute("aria-activedescendant");
    option.scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", option.id);
  };

  const take = (one) => {
    const [from, to] = one.range;
    box.setRangeText(one.text + " ", from, to, "end");
    hide();
    grow();
    box.focus();
  };

  box.addEventListener("input", () => {
    grow();
    offer();
  });
  box.addEventListener("blur", () => setTimeout(() => form.contains(document.activeElement) || hide(), 150));
  box.addEventListener("keydown", (event) => {
    const active = list.hidden ? null : list.querySelector(".active");
    if (event.isComposing) return;
    if (active && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      mark((event.key === "ArrowDown" ? active.nextElementSibling : active.previousElementSibling) ?? active);
    } else if (active && (event.key === "Tab" || (event.key === "Enter" && !typedOut(active, box)))) {
      event.preventDefault();
      active.click();
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      hide();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  const share = async (files) => {
    const text = box.value.trim();
    for (const [place, file] of [...files].entries()) await upload(file, place ? "" : text);
    box.value = "";
    grow();
  };
  form.querySelector(".attach").onclick = () => picker.click();
  picker.onchange = async () => {
    await share(picker.files);
    picker.value = "";
  };
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    share(event.dataTransfer.files);
  });
  return { fill };
}

/** Whether what is offered was typed out already: then Enter sends. */
function typedOut(active, box) {
  const word = box.value.slice(0, box.selectionStart).split(/\s/).at(-1);
  return active.querySelector("b").textContent === word;
}

/** Return what fits the command or name being typed; undefined where none is. */
function completions(box, world) {
  const before = box.value.slice(0, box.selectionStart);
  if (/^\/\S*$/.test(before)) {
    return world.apps
      .flatMap((app) => app.commands)
      .filter((c) => c.command.startsWith(before))
      .map((c) => ({ shown: c.command, hint: [c.usage_hint, c.description].filter(Boolean).join(" — "), text: c.command, range: [0, before.length] }));
  }
  const mention = before.match(/(^|\s)([@#])([\p{L}\p{N}_-]*)$/u);
  if (!mention) return undefined;
  const [, , sign, typed] = mention;
  const pool = sign === "@"
    ? world.people.map((p) => ({ shown: "@" + p.name, hint: p.shown, text: "@" + p.name }))
    : world.channels.map((c) => ({ shown: "#" + c.name, hint: "", text: "#" + c.name }));
  const wanted = typed.toLowerCase();
  return pool
    .filter((one) => (one.shown + " " + one.hint).toLowerCase().includes(wanted))
    .slice(0, 8)
    .map((one) => ({ ...one, range: [before.length - typed.length - 1, before.length] }));
}

/** Return the emoji that fit `:na` before the caret. */
async function signs(box, emoji) {
  const before = box.value.slice(0, box.selectionStart);
  const [, typed] = before.match(/(?:^|\s):([a-z0-9_+-]{2,})$/) ?? [];
  if (!typed) return [];
  const range = [before.length - typed.length - 1, before.length];
  const found = (await emoji(typed)).slice(0, 8);
  return found.map(([name, sign]) => ({ shown: sign, hint: `:${name}:`, text: `:${name}:`, range }));
}
